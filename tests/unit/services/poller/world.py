"""Everything that a watch asks for, on a clock that stands still until somebody waits."""

from collections.abc import Collection, Iterator, Set
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from services.poller.handlers.sights import Sights
from services.poller.handlers.slots import Slots
from services.poller.handlers.watch_job import Watching, watch_job
from shared.contracts.addressed import Addressed
from shared.contracts.event import Event
from shared.contracts.job_events import JobExpired, JobRouted
from shared.kernel.errors import Transient
from shared.kernel.secret import Secret
from shared.market.kinds import KINDS
from shared.providers.memory import MemoryProvider, Script
from shared.providers.outcomes import LookOutcome, Working
from shared.providers.provider import Access, Handed
from shared.providers.refusals import Prospect

ROUTED = datetime(2026, 5, 1, 12, tzinfo=UTC)
JOB = JobRouted(
    job_id="job",
    kind="music",
    attempt=2,
    offer_id="offer",
    seller_id="seller",
    provider="venice",
    base_url="https://provider.example/api/v1",
    key_id="key",
    model="venice-ace-step-15",
    provider_model="ace-step-15",
    provider_job_id="theirs",
    routed_at=ROUTED,
    expires_at=ROUTED + timedelta(minutes=15),
)
ENDED = JobExpired(
    job_id="job",
    kind="music",
    buyer_id="buyer",
    model="m",
    attempts=1,
    ended_at=ROUTED,
    settlement_status="released",
    code="expired",
    message="",
)
WORKING = Working(timedelta(seconds=20), timedelta(seconds=1))


class PatientWatch:
    """A watch on which waiting moves the clock, until it is dropped."""

    def __init__(self, world: "World") -> None:
        self._world = world

    async def wait(self, seconds: float) -> bool:
        if self._world.dropped_at is not None and self._world.at + timedelta(seconds=seconds) > self._world.dropped_at:
            return True
        self._world.at += timedelta(seconds=max(0.0, seconds))
        self._world.waits.append(seconds)
        return False

    @property
    def dropped(self) -> bool:
        return self._world.dropped_at is not None and self._world.at >= self._world.dropped_at


class Looked(MemoryProvider):
    """A provider that notes when it was looked at."""

    def __init__(self, world: "World") -> None:
        super().__init__()
        self._world = world

    async def look(self, access: Access, handed: Handed, prospect: Prospect = Prospect.UNSEEN) -> LookOutcome:
        self._world.looked_at.append(self._world.at)
        return await super().look(access, handed, prospect)


class World:
    """Everything that a watch asks for: a clock, keys, watches and somewhere to say things."""

    def __init__(self, *looks: LookOutcome, then: LookOutcome | None = None) -> None:
        self.at = ROUTED
        self.waits: list[float] = []
        self.said: list[Event] = []
        self.dropped_at: datetime | None = None
        self.broker_is_there = True
        self.over = False
        self.looked_at: list[datetime] = []
        self.provider = Looked(self)
        self.provider.put(Handed("ace-step-15", "theirs", "music"), Script(looks=looks, then=then))

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    async def open(self, offer_id: str, key_id: str) -> Secret:
        return Secret(f"{key_id} of {offer_id}")

    async def say(self, *facts: Event) -> None:
        if not self.broker_is_there:
            raise Transient("no broker")
        self.said += facts

    @contextmanager
    def watching(self, job_id: str) -> Iterator[PatientWatch]:
        yield PatientWatch(self)

    @property
    def job_ids(self) -> Set[str]:
        return {JOB.job_id}

    def drop(self, job_id: str) -> None:
        self.dropped_at = self.at

    async def ended(self, job_ids: Collection[str]) -> Set[str]:
        return set(job_ids) if self.over else set()

    async def settled(self, job_id: str, attempt: int) -> bool:
        return self.over

    async def watch(self) -> list[Event | Addressed]:
        shared = Watching(
            kinds=KINDS,
            providers={"venice": self.provider},
            keys=self,
            announcer=self,
            watches=self,
            records=self,
            clock=self,
            slots=Slots(),
            sights=Sights(),
        )
        return list(await watch_job(JOB, shared))
