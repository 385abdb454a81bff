"""A router's whole world in memory: other people's records, a provider that does as it is told, a stopped clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.router.adapters.memory_attempts import MemoryAttempts
from services.router.adapters.memory_readings import MemoryArtifacts, MemoryJobs, MemoryKeys, MemoryOffers
from services.router.adapters.memory_standings import MemoryStandings
from services.router.entrypoints.usher import Usher
from services.router.handlers.keep_book import load_book
from services.router.handlers.route_job import route_job
from services.router.handlers.routing import Routing
from services.router.handlers.sweep import sweep_jobs
from shared.contracts.addressed import Addressed
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord
from shared.market.catalogue import shipped_catalogue
from shared.market.offers import Offer
from shared.market.standings import Standing
from shared.providers.memory import Call, MemoryProvider, Script
from shared.providers.outcomes import SubmitOutcome
from shared.providers.provider import Provider
from tests.kit.clocks import StoppedClock
from tests.kit.waiting import happens
from tests.unit.services.router.market import AT, created, job


def _offer_of(call: Call) -> str:
    return call.access.base_url.split("/")[2].removesuffix(".example")


class World:
    """Everything that a router asks for."""

    def __init__(self) -> None:
        self.clock = StoppedClock(AT)
        self.attempts = MemoryAttempts(self.clock)
        self.standings = MemoryStandings(self.clock)
        self.jobs = MemoryJobs(self.clock)
        self.artifacts = MemoryArtifacts()
        self.offers = MemoryOffers()
        self.keys = MemoryKeys()
        self.provider = MemoryProvider()
        self.said: list[Event | Addressed] = []
        self.routing = self.another_process()

    def another_process(self, providers: Mapping[str, Provider] | None = None) -> Routing:
        """A router process on the same database, its book still empty."""
        return Routing(
            catalogue=shipped_catalogue(),
            attempts=self.attempts,
            standings=self.standings,
            offers=self.offers,
            jobs=self.jobs,
            artifacts=self.artifacts,
            keys=self.keys,
            providers=providers or {"venice": self.provider},
            clock=self.clock,
            random=lambda: 0.5,
        )

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def open(self, *offers: Offer) -> None:
        """Have these offers in the market and in the book."""
        for each in offers:
            self.offers.put(each)
        await load_book(routing=self.routing)

    def answers(self, *outcomes: SubmitOutcome | None) -> None:
        """Say what the next submits are told; None: accepted."""
        self.provider.expect(*(Script(submit=outcome) for outcome in outcomes))

    async def route(self, job_id: str = "job", *, by: Routing | None = None, **changes: object) -> Sequence[Event]:
        """Have a job made and route it."""
        if await self.jobs.find(job_id) is None:
            self.jobs.put(job(job_id))
        return await route_job(created(job_id, **changes), routing=by or self.routing)

    async def history(self, job_id: str = "job") -> list[tuple[int, str, str]]:
        """Number, offer and state of each attempt of a job."""
        attempts = await self.attempts.of_job(job_id)
        return [(attempt.number, attempt.offer_id, attempt.state.value) for attempt in attempts]

    async def last(self, job_id: str = "job") -> AttemptRecord:
        return (await self.attempts.of_job(job_id))[-1]

    async def standing(self, offer_id: str) -> Standing:
        """Without what always differs."""
        return replace(await self.standings.find(offer_id), revision=0, used_at=None)

    def asked(self) -> list[str]:
        """Whose base URLs were submitted to, in order, by the offer's name."""
        return [_offer_of(call) for call in self.provider.asked("submit")]

    def taken(self) -> list[str]:
        """Those of them that took a job."""
        return [_offer_of(call) for call in self.provider.asked("submit") if call.handed is not None]

    def pass_by(self, by: timedelta) -> None:
        self.clock.move(by)

    async def wake(self, *, by: Routing | None = None) -> None:
        """Have the jobs taken on whose wait is over."""
        usher = Usher(by or self.routing, self)
        usher.look()
        await happens(lambda: not usher.under_way, every=0)

    async def sweep(self, *, by: Routing | None = None) -> None:
        """Find the jobs whose next step nobody took, and take them on."""
        await sweep_jobs(routing=by or self.routing, leftovers=self.attempts)
        await self.wake(by=by)

    async def say(self, *facts: Event | Addressed) -> None:
        """Keep what a ticker said."""
        self.said += facts
