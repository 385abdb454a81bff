"""The manifests run every service, in the same way, with what it reads."""

import json
import re
from typing import Any

import pytest

from tests.unit.deploy.containers.env_file import ROOT
from tests.unit.deploy.containers.manifests import (
    FOLDER,
    KUSTOMIZATION,
    MANIFESTS,
    SECRET_NAMES,
    SETTINGS,
    container,
    environment,
    manifest,
    pod,
    secrets_of,
)
from tests.unit.deploy.containers.service_settings import (
    ADMIN_PORT,
    SECRETS,
    SERVICES,
    names_read_by,
    started_with,
)

STOP_SECONDS = 25


def test_every_file_is_listed_and_every_service_deployed() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(KUSTOMIZATION["resources"]) == files
    deployed = {found["metadata"]["name"] for found in MANIFESTS if found["kind"] == "Deployment"}
    assert deployed == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_start_with_what_it_is_given(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = started_with(service, environment(service), monkeypatch)
    assert container(service)["args"] == [f"services.{service}"]
    assert settings.admin_bind == ("0.0.0.0", ADMIN_PORT)
    assert not settings.allow_private_networks


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_the_secrets_it_reads_and_no_others(service: str) -> None:
    assert secrets_of(service) == SECRETS & names_read_by(service)


def test_the_templates_name_every_secret_and_hold_none() -> None:
    assert SECRET_NAMES == SECRETS
    assert re.findall(r"^\w+=(.+)$", (FOLDER / "secrets.example.env").read_text(), re.MULTILINE) == []
    assert not SECRETS & set(SETTINGS)
    assert set(SETTINGS) <= set[str]().union(*(names_read_by(service) for service in SERVICES))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_asked_whether_it_lives_and_whether_it_is_ready(service: str) -> None:
    found = container(service)
    assert {"name": "admin", "containerPort": ADMIN_PORT} in found["ports"]
    assert found["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "admin"}
    assert found["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "admin"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_with_no_rights_and_writes_nothing(service: str) -> None:
    outer, inner = pod(service), container(service)
    user = re.search(r"^USER (\d+)$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert user is not None
    assert outer["automountServiceAccountToken"] is False
    assert outer["securityContext"]["runAsNonRoot"] is True
    assert outer["securityContext"]["runAsUser"] == int(user[1])
    assert outer["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inner["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_needs_and_has_time_to_stop(service: str) -> None:
    found = container(service)
    assert {"cpu", "memory"} <= set(found["resources"]["requests"])
    assert "memory" in found["resources"]["limits"]
    sleep = found.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", ["sleep", "0"])
    assert pod(service)["terminationGracePeriodSeconds"] >= STOP_SECONDS + int(sleep[1])


@pytest.mark.parametrize("service", SERVICES)
def test_no_more_than_one_pod_of_a_service_is_taken_away_at_once(service: str) -> None:
    budget, deployment = manifest("PodDisruptionBudget", service)["spec"], manifest("Deployment", service)["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"] == deployment["selector"]
    assert deployment["replicas"] > 1
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_deployments_differ_in_nothing_but_what_is_their_own() -> None:
    assert len({shape(service) for service in SERVICES}) == 1


def shape(service: str) -> str:
    """A Deployment without what may differ between services, its name included."""
    found = json.loads(re.sub(rf"\b{service}\b", "service", json.dumps(manifest("Deployment", service))))
    inside: dict[str, Any] = found["spec"]["template"]["spec"]
    inside.pop("terminationGracePeriodSeconds")
    for name in ("env", "ports", "lifecycle"):
        inside["containers"][0].pop(name, None)
    inside["containers"][0]["resources"]["requests"].pop("cpu")
    return json.dumps(found, sort_keys=True)


def test_the_api_is_the_one_service_with_an_address() -> None:
    services = [found for found in MANIFESTS if found["kind"] == "Service"]
    assert [found["metadata"]["name"] for found in services] == ["api"]
    assert services[0]["spec"]["selector"] == manifest("Deployment", "api")["spec"]["selector"]["matchLabels"]
    [port] = services[0]["spec"]["ports"]
    assert {"name": port["targetPort"], "containerPort": 8080} in container("api")["ports"]
