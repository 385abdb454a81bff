"""A RabbitMQ of the tests' own that can be killed, started again, frozen and thawed."""

import os
import signal
from pathlib import Path
from typing import Any, Protocol

from testcontainers.core.container import DockerContainer

from deploy.local.part import await_ready, start, stop
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.rabbitmq import RabbitMQ, RabbitMQPorts, offers_login
from deploy.local.state import StateFolder
from deploy.local.stopping import happens
from tests.servers.containers import RABBITMQ_IMAGE, READY_WITHIN_SECONDS


class MortalBroker(Protocol):
    """One broker.  What was confirmed survives ``kill`` and ``revive``."""

    url: str

    def kill(self) -> None:
        """End it without a word, as a power cut does."""
        ...

    def revive(self) -> None:
        """Start it again; returns when clients can log in."""
        ...

    def freeze(self) -> None:
        """Stop its processes where they are; connections stay open."""
        ...

    def thaw(self) -> None:
        """Let them go on."""
        ...

    def stop(self) -> None:
        """End it for good."""
        ...


class LocalBroker:
    """A process of this machine."""

    def __init__(self, scratch: Path) -> None:
        ports = RabbitMQPorts(amqp=free_port(), nodes=free_port(), names=free_port())
        self._part = RabbitMQ(StateFolder(scratch, lasting=False), ports, user="tests", password="tests")
        self.url = self._part.url
        self.revive()

    def kill(self) -> None:
        self._send(signal.SIGKILL)
        assert happens(lambda: not self._part.processes()[-1].alive, within=10)

    def revive(self) -> None:
        start(self._part)
        await_ready([self._part])

    def freeze(self) -> None:
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        stop(self._part)

    def _send(self, number: signal.Signals) -> None:
        os.killpg(self._part.processes()[-1].pid, number)


class ContainerBroker:
    """A container, which keeps its data when it is killed."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"amqp://guest:guest@{LOOPBACK}:{self._port}/"
        self._container = DockerContainer(RABBITMQ_IMAGE)
        published: dict[str, Any] = self._container.ports
        published["5672"] = (LOOPBACK, self._port)
        self._container.start()
        self._await_ready()

    def kill(self) -> None:
        self._wrapped.kill("SIGKILL")

    def revive(self) -> None:
        self._wrapped.start()
        self._await_ready()

    def freeze(self) -> None:
        self._wrapped.pause()

    def thaw(self) -> None:
        self._wrapped.unpause()

    def stop(self) -> None:
        self._container.stop()

    def _await_ready(self) -> None:
        assert happens(lambda: offers_login(self._port), within=READY_WITHIN_SECONDS)

    @property
    def _wrapped(self) -> Any:
        return self._container.get_wrapped_container()
