"""Loopback ports: the one that was asked for, else the one of last time, else a free one."""

import random
import socket
from collections.abc import Mapping

from deploy.local.state import StateFolder

LOOPBACK = "127.0.0.1"
# Below the range from which Linux takes the near ends of outgoing connections.
FREE_RANGE = range(20_000, 32_000)
HIGHEST_PORT = 65_535
REMEMBERED = "ports.json"


class NoFreePort(Exception):
    """A port that was asked for is taken, or none could be found."""


class Ports:
    """The ports of one stack, remembered between starts so that its URLs stay the same."""

    def __init__(self, folder: StateFolder, wishes: Mapping[str, str]) -> None:
        self._folder = folder
        self._wishes = wishes
        self._known: dict[str, int] = folder.read(REMEMBERED)

    def of(self, name: str, *, held: bool = False) -> int:
        """Return the port called ``name``; ``API_PORT`` in the wishes asks for a certain one as ``api``.

        ``held`` says that a running process of ours listens there: then the port stays what it is.
        """
        if held and name in self._known:
            return self._known[name]
        wish = self._wishes.get(f"{name.upper().replace('-', '_')}_PORT")
        if wish:
            port = _wished(name, wish)
        else:
            port = self._known.get(name, 0)
            if not port or not is_free(port):
                port = free_port(taken=set(self._known.values()))
        self._known[name] = port
        self._folder.save(REMEMBERED, self._known)
        return port


def free_port(taken: set[int] | None = None) -> int:
    """Return a loopback port that nobody listens on now."""
    for _ in range(1000):
        port = random.choice(FREE_RANGE)  # noqa: S311 - nothing is secret about a port
        if port not in (taken or ()) and is_free(port):
            return port
    raise NoFreePort("no free loopback port was found")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def accepts(port: int) -> bool:
    """Look once whether somebody listens there."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=2).close()
    except OSError:
        return False
    return True


def _wished(name: str, wish: str) -> int:
    if not wish.isdecimal() or not 0 < int(wish) <= HIGHEST_PORT or not is_free(int(wish)):
        raise NoFreePort(f"{name} cannot listen on port {wish}: it is taken, or not a port")
    return int(wish)
