"""Attempts and standings on each technology, with a way to let time pass for what they keep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.router.adapters.memory_attempts import MemoryAttempts
from services.router.adapters.memory_standings import MemoryStandings
from services.router.adapters.mongo_attempts import MongoAttempts
from services.router.adapters.mongo_leftovers import MongoLeftovers
from services.router.adapters.mongo_standings import MongoStandings
from services.router.ports import Attempts, Leftovers, Standings
from shared.contracts.records import attempt
from shared.kernel.clock import Clock
from shared.runtime.clock import SystemClock
from shared.storage.mongo import Database, Driver, open_database
from tests.unit.shared.providers.stopped_clock import StoppedClock

_DATES = ("intended_at", "routed_at", "seen_at", "watched_at", "closed_at", "expires_at")


class World(Protocol):
    """The ports under test."""

    attempts: Attempts
    leftovers: Leftovers
    standings: Standings

    @property
    def clock(self) -> Clock:
        """What the ports go by, as far as it is not the database's own."""
        ...

    async def age(self, by: timedelta) -> None:
        """Make every attempt that much older."""
        ...


class MemoryWorld:
    """All in memory, on a clock that stands still."""

    def __init__(self) -> None:
        self.clock = StoppedClock()
        kept = MemoryAttempts(self.clock)
        self.attempts: Attempts = kept
        self.leftovers: Leftovers = kept
        self.standings: Standings = MemoryStandings(self.clock)

    async def age(self, by: timedelta) -> None:
        self.clock.pass_by(by.total_seconds())


@dataclass
class MongoWorld:
    """A database of this test's own, whose clock nobody can move: dates are moved instead."""

    database: Database

    def __post_init__(self) -> None:
        self.clock = SystemClock()
        self.attempts: Attempts = MongoAttempts(self.database, self.clock)
        self.leftovers: Leftovers = MongoLeftovers(self.database, self.clock)
        self.standings: Standings = MongoStandings(self.database, self.clock)

    async def age(self, by: timedelta) -> None:
        millis = by // timedelta(milliseconds=1)
        earlier = {
            name: {"$cond": [{"$eq": [{"$type": f"${name}"}, "date"]}, {"$subtract": [f"${name}", millis]}, "$$REMOVE"]}
            for name in _DATES
        }
        await self.database[attempt.COLLECTION].update_many({}, [{"$set": earlier}])


@asynccontextmanager
async def mongo_world(url: str, name: str, driver: Driver) -> AsyncIterator[MongoWorld]:
    """Open a world in MongoDB with its indexes."""
    async with open_database(url, name, driver) as database:
        world = MongoWorld(database)
        await MongoAttempts(database, world.clock).ensure_indexes()
        await MongoLeftovers(database, world.clock).ensure_indexes()
        yield world
