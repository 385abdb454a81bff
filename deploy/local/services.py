"""The five services, as many of each as ``REPLICAS`` asks for."""

import re
from collections.abc import Mapping

from deploy.local.ports import LOOPBACK, Ports
from deploy.local.python_part import PythonPart
from deploy.local.record import is_alive
from deploy.local.state import StateFolder

SERVICES = ("api", "router", "poller", "artifacts", "webhooks")
STAGE = 2


class UnknownReplicas(Exception):
    """``REPLICAS`` is not like ``router=2 poller=3``."""


def parse_replicas(text: str) -> dict[str, int]:
    """Return how many of each service are asked for: one, unless ``text`` says more."""
    asked = dict.fromkeys(SERVICES, 1)
    for word in text.replace(",", " ").split():
        match = re.fullmatch(r"(\w+)=([1-9]\d?)", word)
        if match is None or match[1] not in asked:
            raise UnknownReplicas(f"REPLICAS wants words like router=2, for {', '.join(SERVICES)}; not {word!r}")
        asked[match[1]] = int(match[2])
    return asked


def service(folder: StateFolder, ports: Ports, kind: str, number: int, shared: Mapping[str, str]) -> PythonPart:
    """Return replica ``number`` (from 1) of a service, with the settings all share and its own addresses."""
    name = kind if number == 1 else f"{kind}-{number}"
    held = is_alive(folder, name)
    admin = ports.of(f"{name}-admin", held=held)
    settings = {**shared, f"{kind.upper()}_ADMIN_BIND": f"{LOOPBACK}:{admin}"}
    port = admin
    if kind == "api":
        port = ports.of(name, held=held)
        settings["API_BIND"] = f"{LOOPBACK}:{port}"
    return PythonPart(
        folder=folder,
        name=name,
        module=f"services.{kind}",
        port=port,
        probe=f"http://{LOOPBACK}:{admin}/readyz",
        settings=settings,
        stage=STAGE,
    )
