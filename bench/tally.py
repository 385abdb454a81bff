"""What jobs ask of the database and the broker, counted there and not in our code."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from pymongo import AsyncMongoClient

from bench.broker import counted_facts
from bench.stage import Scene

OURS: Final = "busker"
"""How the services' connections introduce themselves to the database."""
PROFILE_BYTES: Final = 64 * 2**20
WHICH: Final = ("insert", "find", "update", "findAndModify", "delete", "aggregate", "getMore")
"""The commands that are worth a count."""


@dataclass(slots=True)
class Tally:
    """Filled when the counting ends."""

    commands: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By verb and collection."""
    facts: Counter[str] = field(default_factory=Counter)
    """Publishes by routing key."""
    document_bytes: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)


@asynccontextmanager
async def tallied(scene: Scene) -> AsyncIterator[Tally]:
    """Count everything that happens meanwhile.  The database notes each command, so this is no time to measure."""
    tally = Tally()
    async with AsyncMongoClient[dict[str, Any]](scene.addresses.mongo_url) as client:
        database = client[scene.addresses.mongo_database]
        await database.command("profile", 0)
        await database.drop_collection("system.profile")
        await database.create_collection("system.profile", capped=True, size=PROFILE_BYTES)
        await database.command("profile", 2, filter={"appName": OURS})
        async with counted_facts(scene.addresses.amqp_url) as facts:
            yield tally
        await database.command("profile", 0)
        tally.facts = facts
        async for noted in database["system.profile"].find({"appName": OURS}, {"op": 1, "ns": 1, "command": 1}):
            verb, collection = _command(noted)
            tally.commands[verb, collection] += verb in WHICH
        for collection in {collection for _, collection in tally.commands}:
            stats = await database.command("collStats", collection)
            tally.document_bytes[collection] = int(stats.get("avgObjSize", 0))
            tally.documents[collection] = int(stats.get("count", 0))


async def commands_so_far(scene: Scene) -> int:
    """How many commands on documents the server has seen since it started, whoever sent them."""
    async with AsyncMongoClient[dict[str, Any]](scene.addresses.mongo_url) as client:
        status = await client.admin.command("serverStatus")
        return sum(int(status["metrics"]["commands"][verb]["total"]) for verb in WHICH)


def _command(noted: Mapping[str, Any]) -> tuple[str, str]:
    """The verb and the collection of a profiled command."""
    verbs = {"query": "find", "remove": "delete", "getmore": "getMore"}
    verb = verbs.get(noted["op"], noted["op"])
    if verb == "command":
        verb = next((name for name in noted["command"] if name in WHICH), "other")
    return verb, noted["ns"].partition(".")[2]
