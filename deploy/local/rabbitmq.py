"""RabbitMQ as a private node: the Debian package's files, and nothing of its system service."""

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.ports import LOOPBACK
from deploy.local.process import Process
from deploy.local.record import Record
from deploy.local.state import StateFolder, write_private

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
NODE = "busker@localhost"
PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"


@dataclass(frozen=True)
class RabbitMQPorts:
    amqp: int
    nodes: int  # Erlang distribution
    names: int  # epmd, which maps node names to ports


@dataclass(frozen=True)
class RabbitMQ:
    """One broker with data, cookie and name server of its own, for one user."""

    folder: StateFolder
    ports: RabbitMQPorts
    user: str
    password: str = field(repr=False)
    name: str = "rabbitmq"
    within: float = 60.0

    @property
    def home(self) -> Path:
        return self.folder.folder("rabbitmq")

    @property
    def port(self) -> int:
        return self.ports.amqp

    @property
    def url(self) -> str:
        return f"amqp://{self.user}:{self.password}@{LOOPBACK}:{self.port}/"

    def processes(self) -> list[Process]:
        # epmd in the foreground: started by the node itself it would detach, and outlive everything.
        epmd = ["epmd", "-address", LOOPBACK, "-port", str(self.ports.names)]
        return [
            self._process("rabbitmq-epmd", 0, self.ports.names, epmd),
            self._process(self.name, 1, self.port, [str(SERVER)]),
        ]

    def ready(self) -> bool:
        """Whether the broker offers a login; it listens only when its queues are recovered."""
        return offers_login(self.port)

    def configure(self) -> None:
        """Write what the node reads at its start; the user is made when its data is new."""
        cookie = self.home / ".erlang.cookie"
        if not cookie.exists():
            write_private(cookie, os.urandom(20).hex())
        write_private(self.home / "enabled_plugins", "[].\n")
        write_private(self.home / "environment", "")
        lines = {
            "listeners.tcp.1": f"{LOOPBACK}:{self.port}",
            "default_user": self.user,
            "default_pass": self.password,
            "log.file": "false",
            "log.console": "true",
            "log.console.level": "warning",
            "log.console.use_colors": "off",
        }
        write_private(self.home / "rabbitmq.conf", "".join(f"{key} = {value}\n" for key, value in lines.items()))

    def _process(self, name: str, stage: int, port: int, argv: list[str]) -> Process:
        return Process(
            Record(name=name, stage=stage, port=port, probe=None),
            argv,
            folder=self.folder,
            env=self._environment(),
            cwd=self.home,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "ERL_EPMD_PORT": str(self.ports.names),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(self.ports.nodes),
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "environment"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none",
            # The start script then becomes the node instead of waiting beside it, so its pid is the node's.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def offers_login(port: int) -> bool:
    """Look once whether an AMQP server on loopback answers a client's first bytes with its own."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(PROTOCOL_HEADER)
            return connection.recv(1) == METHOD_FRAME
    except OSError:
        return False
