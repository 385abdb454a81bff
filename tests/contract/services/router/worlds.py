"""Attempts and standings on each technology, with a way to let time pass for what they keep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.router.adapters.memory_attempts import MemoryAttempts
from services.router.adapters.memory_readings import MemoryArtifacts, MemoryJobs, MemoryOffers
from services.router.adapters.memory_standings import MemoryStandings
from services.router.adapters.mongo_artifacts import MongoArtifacts
from services.router.adapters.mongo_attempts import MongoAttempts
from services.router.adapters.mongo_jobs import MongoJobs
from services.router.adapters.mongo_leftovers import MongoLeftovers
from services.router.adapters.mongo_offers import MongoOffers
from services.router.adapters.mongo_standings import MongoStandings
from services.router.ports import Artifacts, Attempts, Jobs, Leftovers, Offers, Standings
from shared.contracts.records import attempt
from shared.contracts.records.artifact import ArtifactRecord
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import Clock
from shared.market.offers import Offer
from shared.runtime.clock import SystemClock
from shared.storage.mongo import Database, Driver, open_database
from tests.contract.services.router.documents import artifact_document, job_document, offer_document
from tests.kit.clocks import StoppedClock
from tests.unit.services.router.market import AT

_DATES = ("intended_at", "routed_at", "seen_at", "watched_at", "closed_at", "expires_at")


class World(Protocol):
    """The ports under test."""

    attempts: Attempts
    leftovers: Leftovers
    standings: Standings
    offers: Offers
    jobs: Jobs
    artifacts: Artifacts

    @property
    def clock(self) -> Clock:
        """What the ports go by, as far as it is not the database's own."""
        ...

    async def age(self, by: timedelta) -> None:
        """Make every attempt that much older."""
        ...

    async def put_offer(self, offer: Offer, revision: int) -> None: ...

    async def put_job(self, job: JobRecord) -> None: ...

    async def put_artifact(self, artifact: ArtifactRecord) -> None: ...


class MemoryWorld:
    """All in memory, on a clock that stands still."""

    def __init__(self) -> None:
        self.clock = StoppedClock(AT)
        kept = MemoryAttempts(self.clock)
        self.attempts: Attempts = kept
        self.leftovers: Leftovers = kept
        self.standings: Standings = MemoryStandings(self.clock)
        self._offers, self._jobs, self._artifacts = MemoryOffers(), MemoryJobs(self.clock), MemoryArtifacts()
        self.offers: Offers = self._offers
        self.jobs: Jobs = self._jobs
        self.artifacts: Artifacts = self._artifacts

    async def age(self, by: timedelta) -> None:
        self.clock.move(by)

    async def put_offer(self, offer: Offer, revision: int) -> None:
        self._offers.put(offer, revision)

    async def put_job(self, job: JobRecord) -> None:
        self._jobs.put(job)

    async def put_artifact(self, artifact: ArtifactRecord) -> None:
        self._artifacts.put(artifact)


@dataclass
class MongoWorld:
    """A database of this test's own, whose clock nobody can move: dates are moved instead."""

    database: Database

    def __post_init__(self) -> None:
        self.clock = SystemClock()
        self.attempts: Attempts = MongoAttempts(self.database, self.clock)
        self.leftovers: Leftovers = MongoLeftovers(self.database, self.clock)
        self.standings: Standings = MongoStandings(self.database, self.clock)
        self.offers: Offers = MongoOffers(self.database)
        self.jobs: Jobs = MongoJobs(self.database, self.clock)
        self.artifacts: Artifacts = MongoArtifacts(self.database)

    async def age(self, by: timedelta) -> None:
        millis = by // timedelta(milliseconds=1)
        earlier = {
            name: {"$cond": [{"$eq": [{"$type": f"${name}"}, "date"]}, {"$subtract": [f"${name}", millis]}, "$$REMOVE"]}
            for name in _DATES
        }
        await self.database[attempt.COLLECTION].update_many({}, [{"$set": earlier}])

    async def put_offer(self, offer: Offer, revision: int) -> None:
        await self.database["offers"].insert_one(offer_document(offer, revision))

    async def put_job(self, job: JobRecord) -> None:
        await self.database["jobs"].insert_one(job_document(job))

    async def put_artifact(self, artifact: ArtifactRecord) -> None:
        await self.database["artifacts"].insert_one(artifact_document(artifact))


@asynccontextmanager
async def mongo_world(url: str, name: str, driver: Driver) -> AsyncIterator[MongoWorld]:
    """Open a world in MongoDB with its indexes."""
    async with open_database(url, name, driver) as database:
        world = MongoWorld(database)
        await MongoAttempts(database, world.clock).ensure_indexes()
        await MongoLeftovers(database, world.clock).ensure_indexes()
        yield world
