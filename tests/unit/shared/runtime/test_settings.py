"""Settings stop a process in one line that names what is wrong, and show no secret."""

from typing import ClassVar

import pytest

from shared.kernel.secret import Secret
from shared.runtime.settings import Bind, ProcessSettings, VaultKeysSetting

KEY = "k1:" + "A" * 43 + "="


class Settings(ProcessSettings):
    """A service of nobody's."""

    SERVICE: ClassVar[str] = "example"

    example_admin_bind: Bind = ("127.0.0.1", 9999)
    vault_keys: VaultKeysSetting


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("MONGO_URL", "mongodb://user:pa55@host/")
    monkeypatch.setenv("AMQP_URL", "amqp://user:pa55@host/")
    monkeypatch.setenv("VAULT_KEYS", KEY)
    return monkeypatch


def complaint() -> str:
    with pytest.raises(SystemExit) as stopped:
        Settings()
    return str(stopped.value)


def test_what_is_given_is_read_and_the_rest_has_defaults() -> None:
    settings = Settings()
    assert settings.mongo_url == Secret("mongodb://user:pa55@host/")
    assert settings.mongo_driver == "motor"
    assert settings.admin_bind == ("127.0.0.1", 9999)
    assert settings.vault_keys[0].kid == "k1"


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("MONGO_URL")
    assert complaint() == "busker cannot start: MONGO_URL is missing"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONGO_DRIVER", "mongoose"),
        ("AMQP_URL", ""),
        ("EXAMPLE_ADMIN_BIND", "9101"),
        ("EXAMPLE_ADMIN_BIND", "localhost:99999"),
        ("LOG_LEVEL", "LOUD"),
        ("VAULT_KEYS", "k1:c2hvcnQ="),
        ("ALLOW_PRIVATE_NETWORKS", "perhaps"),
    ],
)
def test_what_is_malformed_is_named_in_one_line(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    said = complaint()
    assert name in said
    assert "\n" not in said


def test_no_complaint_shows_a_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VAULT_KEYS", "k1:pa55pa55pa55")
    environment.setenv("MONGO_DRIVER", "pa55")
    assert "pa55" not in complaint()


def test_settings_show_no_secret_when_printed() -> None:
    assert "pa55" not in repr(Settings())
    assert "AAAA" not in repr(Settings())
