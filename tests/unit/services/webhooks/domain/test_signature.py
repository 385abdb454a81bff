"""What we sign is believed by the libraries that buyers use, and by nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from openai import InvalidWebhookSignatureError, OpenAI
from standardwebhooks import Webhook, WebhookVerificationError

from services.webhooks.domain.body import body_of
from services.webhooks.domain.signature import signed_headers
from shared.kernel.secret import Secret
from tests.unit.services.webhooks.samples import OLDER_SECRET, SECRET, delivery

DELIVERY = delivery()
BODY = body_of(DELIVERY, {"id": "1", "metadata": {"name": "Ünïcøde ☃"}})
ANOTHER = Secret("whsec_" + "YW5vdGhlcg==" * 3)


def signed(*secrets: Secret, at: datetime | None = None) -> dict[str, str]:
    return signed_headers(DELIVERY.message_id, at or datetime.now(UTC), BODY, secrets)


def openai(secret: Secret) -> OpenAI:
    return OpenAI(api_key="unused", webhook_secret=secret.reveal())


def test_the_signature_is_the_one_that_the_standard_gives_as_its_example() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [SECRET])
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_time_is_whole_seconds_of_the_attempt() -> None:
    headers = signed(SECRET, at=datetime(2026, 3, 4, 12, 0, 0, 999_999, tzinfo=UTC))
    assert headers["webhook-timestamp"] == "1772625600"


def test_the_standards_own_library_believes_it() -> None:
    assert Webhook(SECRET.reveal()).verify(BODY, signed(SECRET))["data"]["id"] == "1"


def test_the_openai_client_believes_it() -> None:
    openai(SECRET).webhooks.verify_signature(BODY, signed(SECRET))
    assert openai(SECRET).webhooks.unwrap(BODY, signed(SECRET)).type == "music.generation.succeeded"


@pytest.mark.parametrize("known", [SECRET, OLDER_SECRET], ids=["the new secret", "the old secret"])
def test_while_a_rotation_overlaps_either_secret_verifies(known: Secret) -> None:
    headers = signed(SECRET, OLDER_SECRET)
    Webhook(known.reveal()).verify(BODY, headers)
    openai(known).webhooks.verify_signature(BODY, headers)


def test_the_current_secrets_signature_comes_first() -> None:
    both, alone = signed(SECRET, OLDER_SECRET), signed(SECRET)
    first, second = both["webhook-signature"].split(" ")
    assert first == alone["webhook-signature"]
    assert second != first
    assert second.startswith("v1,")


def test_another_secret_does_not_verify() -> None:
    headers = signed(SECRET, OLDER_SECRET)
    with pytest.raises(WebhookVerificationError):
        Webhook(ANOTHER.reveal()).verify(BODY, headers)
    with pytest.raises(InvalidWebhookSignatureError):
        openai(ANOTHER).webhooks.verify_signature(BODY, headers)


def test_a_changed_body_or_id_does_not_verify() -> None:
    headers = signed(SECRET)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET.reveal()).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET.reveal()).verify(BODY, {**headers, "webhook-id": "msg_1"})


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6)], ids=["old", "new"])
def test_an_attempt_replayed_later_is_not_believed(off: timedelta) -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET.reveal()).verify(BODY, signed(SECRET, at=datetime.now(UTC) + off))
