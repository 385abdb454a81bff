"""``deploy/example.env`` lists exactly what the services read, each with the default it has."""

import re

import pytest

from tests.unit.deploy.containers.env_file import ROOT, read_env
from tests.unit.deploy.containers.service_settings import SERVICES, names_read_by, settings_of

LISTED = read_env(ROOT / "deploy" / "example.env")
SHORTENED_BY_TESTS = {"POLL_INITIAL_SECONDS", "POLL_CAP_SECONDS", "JOB_EXPIRY_SECONDS", "WEBHOOK_LADDER_SECONDS"}


def test_the_list_is_what_the_services_read() -> None:
    read = set[str]().union(*(names_read_by(service) for service in SERVICES))
    assert set(LISTED) == read - SHORTENED_BY_TESTS


def test_what_tests_shorten_is_told_of_and_left_alone() -> None:
    text = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    assert set(re.findall(r"^# ([A-Z_]+)=\S+$", text, re.MULTILINE)) == SHORTENED_BY_TESTS


@pytest.mark.parametrize("service", SERVICES)
def test_what_has_a_default_is_listed_with_it(service: str) -> None:
    for name, field in settings_of(service).model_fields.items():
        if name.upper() in LISTED and not field.is_required():
            assert LISTED[name.upper()] == written(field.default), name


def written(value: object) -> str:
    """A default as it is written in an environment."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return ":".join(map(str, value)) if isinstance(value, tuple) else str(value)
