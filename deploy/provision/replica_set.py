"""MongoDB as a replica set of one: majority writes and retryable writes as in production."""

from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

REPLICA_SET = "busker"
NOT_YET_INITIATED = 94
ALREADY_INITIATED = 23


def made_primary(where: str) -> bool:
    """Make the server at ``where`` (host:port) the primary of a set of itself, and say whether it is that already.

    Clients are told that address, so it must be one that they can reach.  A set that knew itself by
    another learns this one.  False while the server cannot be reached.
    """
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
