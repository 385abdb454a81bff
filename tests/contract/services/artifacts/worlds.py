"""Outputs and copies on each technology, with a way to let time pass for what they keep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from services.artifacts.adapters.memory_copies import MemoryCopies
from services.artifacts.adapters.memory_outputs import MemoryOutputs
from services.artifacts.adapters.memory_rows import Rows
from services.artifacts.adapters.mongo_copies import MongoCopies
from services.artifacts.adapters.mongo_outputs import MongoOutputs
from services.artifacts.adapters.output_documents import ensure_indexes
from services.artifacts.ports import Copies, Outputs
from shared.contracts.records.artifact import COLLECTION
from shared.storage.mongo import Database, Driver, open_database
from tests.kit.clocks import StoppedClock
from tests.unit.services.artifacts.story import AT

_DATES = ("lease_until", "changed_at", "retained_until", "say_at", "forget_at", "forget_since")


class World(Protocol):
    """The ports under test."""

    outputs: Outputs
    copies: Copies

    async def age(self, by: timedelta) -> None:
        """Make everything that much older."""
        ...


class MemoryWorld:
    """All in memory, on a clock that stands still."""

    def __init__(self) -> None:
        rows, self._clock = Rows(), StoppedClock(AT)
        self.outputs: Outputs = MemoryOutputs(rows, self._clock)
        self.copies: Copies = MemoryCopies(rows, self._clock)

    async def age(self, by: timedelta) -> None:
        self._clock.move(by)


@dataclass
class MongoWorld:
    """A database of this test's own, whose clock nobody can move: dates are moved instead."""

    database: Database

    def __post_init__(self) -> None:
        self.outputs: Outputs = MongoOutputs(self.database)
        self.copies: Copies = MongoCopies(self.database)

    async def age(self, by: timedelta) -> None:
        earlier = {name: {"$subtract": [f"${name}", by // timedelta(milliseconds=1)]} for name in _DATES}
        kept: dict[str, Any] = {
            name: {"$cond": [{"$eq": [{"$type": f"${name}"}, "date"]}, moved, f"${name}"]}
            for name, moved in earlier.items()
        }
        await self.database[COLLECTION].update_many({}, [{"$set": kept}])


@asynccontextmanager
async def mongo_world(url: str, name: str, driver: Driver) -> AsyncIterator[MongoWorld]:
    """Open a world in MongoDB with its indexes."""
    async with open_database(url, name, driver) as database:
        await ensure_indexes(database[COLLECTION])
        yield MongoWorld(database)
