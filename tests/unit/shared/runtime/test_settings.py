"""Settings stop a process in one line that names what is wrong, and show no secret."""

from typing import ClassVar

import pytest

from shared.kernel.secret import Secret
from shared.runtime.settings import Bind, ObjectStoreSettings, ProcessSettings, VaultKeysSetting

KEY = "k1:" + "A" * 43 + "="


class Settings(ProcessSettings, ObjectStoreSettings):
    """A service of nobody's."""

    SERVICE: ClassVar[str] = "example"

    example_admin_bind: Bind = ("127.0.0.1", 9999)
    vault_keys: VaultKeysSetting


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("MONGO_URL", "mongodb://user:pa55@host/")
    monkeypatch.setenv("AMQP_URL", "amqp://user:pa55@host/")
    monkeypatch.setenv("VAULT_KEYS", KEY)
    monkeypatch.setenv("S3_BUCKET", "media")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "pa55")
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
        ("MONGO_URL", ""),
        ("MONGO_URL", "http://pa55"),
        ("MONGO_URL", "mongodb://"),
        ("MONGO_URL", "mongodb+srv://"),
        ("MONGO_URL", "mongodb://host:70000/"),
        ("MONGO_URL", "mongodb://user:pa55@host/?tls=perhaps"),
        ("MONGO_DATABASE", ""),
        ("MONGO_DATABASE", "two words"),
        ("MONGO_DATABASE", "x" * 64),
        ("AMQP_URL", ""),
        ("AMQP_URL", "garbage"),
        ("AMQP_URL", "http://host"),
        ("AMQP_URL", "amqp://user:pa55@"),
        ("AMQP_URL", "amqp://user:pa55@host:70000/"),
        ("AMQP_URL", "amqp://ho st/"),
        ("S3_ENDPOINT_URL", "garbage"),
        ("S3_ENDPOINT_URL", "ftp://host"),
        ("S3_ENDPOINT_URL", "http://"),
        ("S3_ENDPOINT_URL", "http://with_underscore:9000"),
        ("S3_ENDPOINT_URL", "http://host/?query"),
        ("S3_BUCKET", ""),
        ("S3_BUCKET", "a/b"),
        ("S3_REGION", ""),
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("EXAMPLE_ADMIN_BIND", "9101"),
        ("EXAMPLE_ADMIN_BIND", "localhost:99999"),
        ("EXAMPLE_ADMIN_BIND", "local host:80"),
        ("EXAMPLE_ADMIN_BIND", ":::80"),
        ("EXAMPLE_ADMIN_BIND", "[:::]:80"),
        ("EXAMPLE_ADMIN_BIND", "[localhost]:80"),
        ("LOG_LEVEL", "LOUD"),
        ("VAULT_KEYS", "k1:c2hvcnQ="),
        ("ALLOW_PRIVATE_NETWORKS", "perhaps"),
    ],
)
def test_what_is_malformed_is_named_in_one_line(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    said = complaint()
    assert said.startswith(f"busker cannot start: {name} ")
    assert "\n" not in said
    assert "pa55" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONGO_URL", "mongodb://one,two,three:27018/?replicaSet=rs0&w=majority&retryWrites=true"),
        ("MONGO_URL", "mongodb+srv://user:pa55@cluster.example/?appName=x"),
        ("AMQP_URL", "amqps://user:p%40ss@host:5671/vhost?heartbeat=5"),
        ("S3_ENDPOINT_URL", ""),
        ("S3_ENDPOINT_URL", "http://s3.localhost:9000"),
        ("S3_ENDPOINT_URL", "https://[::1]:9000"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"),
    ],
)
def test_every_form_of_an_address_is_taken(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    found = getattr(Settings(), name.lower())
    assert (found.reveal() if isinstance(found, Secret) else found) == value


def test_an_address_of_ipv6_stands_in_brackets(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("EXAMPLE_ADMIN_BIND", "[::]:80")
    assert Settings().admin_bind == ("::", 80)


def test_no_complaint_shows_a_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VAULT_KEYS", "k1:pa55pa55pa55")
    environment.setenv("MONGO_DRIVER", "pa55")
    assert "pa55" not in complaint()


def test_settings_show_no_secret_when_printed() -> None:
    assert "pa55" not in repr(Settings())
    assert "AAAA" not in repr(Settings())
