"""The manifests of ``deploy/kubernetes``, as kustomize would collect them."""

from typing import Any

import yaml

from tests.unit.deploy.containers.env_file import ROOT, read_env
from tests.unit.deploy.containers.service_settings import SECRETS

FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
MANIFESTS: list[dict[str, Any]] = [
    manifest
    for name in KUSTOMIZATION["resources"]
    for manifest in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
]
SETTINGS = read_env(FOLDER / "settings.env")
SECRET_NAMES = set(read_env(FOLDER / "secrets.example.env"))

# Good for a start, and for nothing else.
SOME_SECRETS = dict.fromkeys(SECRETS, "a-value-of-some-length") | {
    "MONGO_URL": "mongodb://mongo.example/?replicaSet=rs0",
    "AMQP_URL": "amqp://busker:pass@rabbitmq.example/",
    "SIGNING_SECRETS": "sign1:" + "A" * 43 + "=",
    "VAULT_KEYS": "vault1:" + "A" * 43 + "=",
}


def manifest(kind: str, name: str) -> dict[str, Any]:
    """The one manifest of this kind and name."""
    [found] = [found for found in MANIFESTS if (found["kind"], found["metadata"]["name"]) == (kind, name)]
    return found


def pod(service: str) -> dict[str, Any]:
    """What a pod of the service is made of."""
    found: dict[str, Any] = manifest("Deployment", service)["spec"]["template"]["spec"]
    return found


def container(service: str) -> dict[str, Any]:
    """The one container of the service's pods."""
    [found] = pod(service)["containers"]
    return dict(found)


def secrets_of(service: str) -> set[str]:
    """The secrets that the service is given, each under its own name."""
    references = {item["name"]: item["valueFrom"]["secretKeyRef"] for item in container(service)["env"]}
    assert references == {name: {"name": "busker-secrets", "key": name} for name in references}
    return set(references)


def environment(service: str) -> dict[str, str]:
    """All that a process of the service finds in its environment."""
    assert container(service)["envFrom"] == [{"configMapRef": {"name": "busker-settings"}}]
    return SETTINGS | {name: SOME_SECRETS[name] for name in secrets_of(service)}
