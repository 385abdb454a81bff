"""MongoDB as a replica set of one, on loopback."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import LOOPBACK
from deploy.local.process import Process
from deploy.local.record import Record
from deploy.local.state import StateFolder
from deploy.provision.replica_set import REPLICA_SET, made_primary


def installed() -> Path:
    """Return where ``install.sh`` keeps the server binary, shared by every clone of one user."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "busker" / "mongod-6.0.5" / "mongod"


@dataclass(frozen=True)
class Mongod:
    """One journaled server without authentication: loopback is all that guards it."""

    folder: StateFolder
    port: int
    name: str = "mongod"
    within: float = 45.0

    @property
    def home(self) -> Path:
        return self.folder.folder("mongod")

    @property
    def url(self) -> str:
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet={REPLICA_SET}"

    def configure(self) -> None:
        """Nothing but its folder, which is made when it is named."""

    def processes(self) -> list[Process]:
        argv = [str(installed()), "--replSet", REPLICA_SET, "--bind_ip", LOOPBACK, "--port", str(self.port)]
        argv += ["--dbpath", str(self.home), "--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "512"]
        argv += ["--nounixsocket", "--quiet"]
        record = Record(name=self.name, stage=1, port=self.port, probe=None)
        return [Process(record, argv, folder=self.folder, env={})]

    def ready(self) -> bool:
        """Whether it takes writes; a new set is initiated, and one that moved learns its new port."""
        return made_primary(f"{LOOPBACK}:{self.port}")
