"""Nothing that must stay secret is written down."""

import pytest

from shared.runtime.redaction import HIDDEN, redacted


@pytest.mark.parametrize(
    "name", ["Authorization", "api_key", "token", "job_token", "secret", "webhook-signature", "set-cookie", "password"]
)
def test_a_field_named_like_a_secret_is_hidden_whatever_it_holds(name: str) -> None:
    assert redacted({name: "anything", "fine": 1}) == {name: HIDDEN, "fine": 1}


@pytest.mark.parametrize(
    "secret",
    [
        "inf_" + "a" * 40,
        "sel_" + "a" * 40,
        "mjt_" + "a" * 40,
        "whsec_" + "b" * 40,
        "AKIA" + "C" * 16,
    ],
)
def test_a_value_that_looks_like_a_secret_is_hidden_wherever_it_stands(secret: str) -> None:
    line = {"event": f"sent {secret} along", "deep": [{"x": (secret,)}]}
    assert secret not in str(redacted(line))


def test_a_presigned_url_loses_its_signature() -> None:
    assert "deadbeef" not in redacted("https://s3/x?X-Amz-Signature=deadbeef&x=1")


def test_a_url_loses_user_and_password() -> None:
    assert redacted("amqp://user:pass@host/") == f"amqp://{HIDDEN}@host/"


def test_a_bearer_key_is_hidden() -> None:
    assert "xyz" not in redacted("Authorization: Bearer xyz")


def test_ids_and_amounts_stay() -> None:
    line = {"key_id": "k1", "job_id": "5f0c6a52", "amount_usdc": "30000", "tokens_used": 3}
    assert redacted(line) == line
