"""MongoDB as a replica set of one: majority writes and retryable writes as in production, on loopback."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from deploy.local.ports import LOOPBACK
from deploy.local.process import Process
from deploy.local.record import Record
from deploy.local.state import StateFolder

REPLICA_SET = "busker"
NOT_YET_INITIATED = 94
ALREADY_INITIATED = 23


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
        return made_primary(self.port)


def made_primary(port: int) -> bool:
    """Make the server on a loopback port the primary of a set of itself, and say whether it is that already."""
    where = f"{LOOPBACK}:{port}"
    client: MongoClient[dict[str, Any]]
    with MongoClient(f"mongodb://{where}/?directConnection=true", serverSelectionTimeoutMS=1000) as client:
        try:
            _ensure_set_of(where, client)
            return bool(client.admin.command("hello")["isWritablePrimary"])
        except ConnectionFailure:
            return False


def _ensure_set_of(where: str, client: MongoClient[dict[str, Any]]) -> None:
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as refusal:
        if refusal.code != NOT_YET_INITIATED:
            raise
        _initiate(where, client)
        return
    member = config["members"][0]
    if member["host"] != where:
        moved = {**config, "version": config["version"] + 1, "members": [{**member, "host": where}]}
        client.admin.command("replSetReconfig", moved, force=True)


def _initiate(where: str, client: MongoClient[dict[str, Any]]) -> None:
    members = [{"_id": 0, "host": where}]
    try:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
    except OperationFailure as refusal:
        if refusal.code != ALREADY_INITIATED:  # it was only still reading its configuration
            raise
