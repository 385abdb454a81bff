"""The one place that decides where the tests' servers come from."""

import os
from pathlib import Path

import docker  # type: ignore[import-untyped]
from docker.errors import DockerException  # type: ignore[import-untyped]

from tests.servers.containers import ContainerServers
from tests.servers.local import LocalServers
from tests.servers.servers import Servers

KINDS = ("local", "containers")


def chosen_kind() -> str:
    """Return what ``TEST_BACKENDS`` says, else ``containers`` where a Docker engine answers, else ``local``."""
    wish = os.environ.get("TEST_BACKENDS", "")
    if wish and wish not in KINDS:
        raise ValueError(f"TEST_BACKENDS is {wish!r}; it can be {' or '.join(KINDS)}")
    return wish or ("containers" if _docker_answers() else "local")


def chosen_servers(scratch: Path) -> Servers:
    """Return servers that keep what they must in ``scratch``."""
    return ContainerServers() if chosen_kind() == "containers" else LocalServers(scratch)


def _docker_answers() -> bool:
    try:
        client = docker.from_env(timeout=5)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()
