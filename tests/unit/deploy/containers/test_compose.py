"""The compose file keeps to what the services read and to what may be reached."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.unit.deploy.containers.compose_file import NotSet, compose
from tests.unit.deploy.containers.env_file import ROOT, make_env, read_env
from tests.unit.deploy.containers.service_settings import ADMIN_PORT, SERVICES, names_read_by, started_with

OURS = (*SERVICES, "simulator", "provision")


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    make_env(tmp_path)
    return read_env(tmp_path / ".env")


@pytest.fixture
def parts(variables: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = compose(variables)["services"]
    return found


def test_the_stack_has_every_service_and_what_they_stand_on(parts: dict[str, Any]) -> None:
    assert set(parts) == {*OURS, "rabbitmq", "mongo", "s3"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_start_with_what_it_is_given(
    service: str, parts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = started_with(service, parts[service]["environment"], monkeypatch)
    assert parts[service]["command"] == [f"services.{service}"]
    assert settings.admin_bind == ("0.0.0.0", ADMIN_PORT)
    assert not settings.allow_private_networks


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_nothing_that_it_does_not_read(service: str, parts: dict[str, Any]) -> None:
    assert set(parts[service]["environment"]) <= names_read_by(service)


@pytest.mark.parametrize(("name", "value"), [("MONGO_DRIVER", "pymongo"), ("LOG_FORMAT", "console")])
def test_every_service_is_told_of_what_its_operator_chose(variables: dict[str, str], name: str, value: str) -> None:
    parts = compose({**variables, name: value})["services"]
    assert {parts[service]["environment"][name] for service in SERVICES} == {value}


@pytest.mark.parametrize("service", ["api", "router"])
def test_a_catalogue_of_ones_own_is_where_its_setting_says(service: str, variables: dict[str, str]) -> None:
    part = compose({**variables, "CATALOGUE_FILE": "/etc/models.json"})["services"][service]
    assert part["environment"]["CATALOGUE_FILE"] == "/etc/models.json"
    assert part["volumes"] == ["/etc/models.json:/etc/models.json:ro"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_healthy_when_it_is_ready(service: str, parts: dict[str, Any]) -> None:
    assert f"http://127.0.0.1:{ADMIN_PORT}/readyz" in parts[service]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("service", SERVICES)
def test_any_number_of_a_service_may_run(service: str, parts: dict[str, Any]) -> None:
    assert "container_name" not in parts[service]
    assert ("ports" in parts[service]) == (service == "api")


@pytest.mark.parametrize("part", OURS)
def test_what_is_ours_runs_with_no_rights_and_writes_nothing(part: str, parts: dict[str, Any]) -> None:
    assert parts[part]["read_only"] is True
    assert parts[part]["cap_drop"] == ["ALL"]
    assert parts[part]["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_time_to_stop_in_good_order(service: str, parts: dict[str, Any]) -> None:
    assert int(parts[service]["stop_grace_period"].removesuffix("s")) > 25


def test_nothing_starts_without_its_secrets(variables: dict[str, str]) -> None:
    secrets = variables.keys() - {"API_PORT", "API_PUBLIC_URL"}
    for name in secrets:
        with pytest.raises(NotSet, match=name):
            compose({**variables, name: ""})


def test_only_the_api_and_the_store_are_published_and_on_loopback_alone(parts: dict[str, Any]) -> None:
    published = {name: part["ports"] for name, part in parts.items() if "ports" in part}
    assert published == {"api": ["127.0.0.1:8080:8080"], "s3": ["127.0.0.1:9000:9000"]}


def test_the_broker_and_the_database_are_in_a_network_that_leads_nowhere(variables: dict[str, str]) -> None:
    stack = compose(variables)
    assert stack["networks"]["servers"] == {"internal": True}
    assert stack["services"]["rabbitmq"]["networks"] == ["servers"]
    assert stack["services"]["mongo"]["networks"] == ["servers"]
    assert stack["services"]["simulator"]["networks"] == ["outside"]


def test_one_address_leads_to_the_store_from_inside_and_from_outside(variables: dict[str, str]) -> None:
    parts = compose({**variables, "S3_PORT": "9333"})["services"]
    assert parts["artifacts"]["environment"]["S3_ENDPOINT_URL"] == "http://s3.localhost:9333"
    assert parts["s3"]["networks"]["servers"] == {"aliases": ["s3.localhost"]}
    assert parts["s3"]["ports"] == ["127.0.0.1:9333:9333"]
    assert parts["s3"]["command"][-1] == ":9333"


def test_every_image_is_pinned_to_a_version_line(parts: dict[str, Any]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for name, part in parts.items():
        image, _, tag = part["image"].partition(":")
        assert re.match(r"\d", tag), f"{name} runs {image}:{tag}"
        if image.startswith("busker"):
            assert tag == version
