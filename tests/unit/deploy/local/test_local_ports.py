"""Ports of a local stack: asked for, remembered, or free."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import LOOPBACK, NoFreePort, Ports, accepts, is_free
from deploy.local.state import StateFolder


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_stays_the_same_from_start_to_start(folder: StateFolder) -> None:
    first = Ports(folder, {}).of("api")
    assert Ports(folder, {}).of("api") == first
    assert is_free(first)


def test_two_names_never_share_a_port(folder: StateFolder) -> None:
    ports = Ports(folder, {})
    found = [ports.of(f"service-{number}") for number in range(50)]
    assert len(set(found)) == len(found)


def test_a_remembered_port_that_somebody_took_is_given_up(folder: StateFolder, taken: int) -> None:
    folder.save("ports.json", {"api": taken})
    assert Ports(folder, {}).of("api") != taken


def test_a_port_that_our_own_process_holds_is_kept_whatever_is_wished(folder: StateFolder, taken: int) -> None:
    folder.save("ports.json", {"api": taken})
    assert Ports(folder, {"API_PORT": "8080"}).of("api", held=True) == taken


def test_a_wish_is_granted(folder: StateFolder) -> None:
    port = Ports(folder, {}).of("anything")
    assert Ports(folder, {"API_ADMIN_PORT": str(port)}).of("api-admin") == port


@pytest.mark.parametrize("wish", ["0", "65536", "-1", "http", "80.5"])
def test_a_wish_that_is_no_port_is_refused(folder: StateFolder, wish: str) -> None:
    with pytest.raises(NoFreePort, match="api cannot listen"):
        Ports(folder, {"API_PORT": wish}).of("api")


def test_a_wish_that_is_taken_is_refused(folder: StateFolder, taken: int) -> None:
    assert accepts(taken)
    with pytest.raises(NoFreePort, match=str(taken)):
        Ports(folder, {"API_PORT": str(taken)}).of("api")
