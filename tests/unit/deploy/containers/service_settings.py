"""What each service reads from its environment, and whether it could start with a given one."""

import importlib
from collections.abc import Mapping

import pytest

from shared.runtime.settings import ProcessSettings

SERVICES = ("api", "router", "poller", "artifacts", "webhooks")
ADMIN_PORT = 9100
SECRETS = {
    "ADMIN_TOKEN",
    "AMQP_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "MONGO_URL",
    "SIGNING_SECRETS",
    "VAULT_KEYS",
}


def settings_of(service: str) -> type[ProcessSettings]:
    """The class whose fields are what the service reads."""
    found: type[ProcessSettings] = importlib.import_module(f"services.{service}.settings").Settings
    return found


def names_read_by(service: str) -> set[str]:
    """The variables that a service reads."""
    return {name.upper() for name in settings_of(service).model_fields}


def started_with(service: str, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> ProcessSettings:
    """The settings of a service that finds nothing but this environment; SystemExit when it cannot start."""
    for name in names_read_by(service):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings_of(service)()
