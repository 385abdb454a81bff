"""Settings of api: read from the environment, and one clear line when they cannot be."""

from __future__ import annotations

import base64

import pytest

from services.api.settings import Settings

KEY = base64.b64encode(bytes(32)).decode()
GOOD = {
    "MONGO_URL": "mongodb://localhost",
    "AMQP_URL": "amqp://localhost",
    "S3_BUCKET": "bucket",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "API_PUBLIC_URL": "https://busker.example/",
    "SIGNING_SECRETS": f"new:{KEY},old:{KEY}",
    "VAULT_KEYS": f"v1:{KEY}",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ADMIN_TOKEN", raising=False)
    return monkeypatch


def test_what_is_not_said_has_its_default(environment: pytest.MonkeyPatch) -> None:
    settings = Settings()
    assert settings.api_bind == ("0.0.0.0", 8080)
    assert settings.admin_bind == ("127.0.0.1", 9101)
    assert settings.api_public_url == "https://busker.example"
    assert [secret.id for secret in settings.signing_secrets] == ["new", "old"]
    assert (settings.admin_token, settings.marketplace_fee_bps, settings.job_expiry) == (None, 0, None)


def test_an_empty_operators_token_is_none(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ADMIN_TOKEN", "")
    assert Settings().admin_token is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGNING_SECRETS", ""),
        ("SIGNING_SECRETS", "short:c2VjcmV0"),
        ("SIGNING_SECRETS", f"a:{KEY},a:{KEY}"),
        ("VAULT_KEYS", "v1:xyz"),
        ("API_PUBLIC_URL", "busker.example"),
        ("API_PUBLIC_URL", "https://"),
        ("API_PUBLIC_URL", "https://busker.example/?a"),
        ("API_PUBLIC_URL", "https://busker example"),
        ("API_BIND", "8080"),
        ("ADMIN_TOKEN", "seven77"),
        ("MARKETPLACE_FEE_BPS", "10001"),
        ("MARKETPLACE_FEE_BPS", "-1"),
        ("JOB_EXPIRY_SECONDS", "0"),
        ("JOB_EXPIRY_SECONDS", "-1"),
        ("JOB_EXPIRY_SECONDS", "inf"),
        ("JOB_EXPIRY_SECONDS", "nan"),
        ("JOB_EXPIRY_SECONDS", "1e20"),
        ("JOB_EXPIRY_SECONDS", "soon"),
    ],
)
def test_what_is_malformed_ends_the_process_in_one_line_that_names_it(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        Settings()
    (line,) = str(ended.value.code).splitlines()
    assert name in line
    assert KEY not in line


@pytest.mark.parametrize("name", ["MONGO_URL", "SIGNING_SECRETS", "API_PUBLIC_URL", "S3_BUCKET"])
def test_what_is_missing_is_named(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SystemExit, match=f"{name} is missing"):
        Settings()


def test_no_secret_shows(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ADMIN_TOKEN", "a-token-of-the-operator")
    shown = repr(Settings())
    assert KEY not in shown
    assert "a-token-of-the-operator" not in shown
