"""Everything that a watch asks for, on a clock that stands still until somebody waits."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from services.poller.adapters.memory_records import MemoryRecords
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
from tests.kit.clocks import StoppedClock

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

    def __init__(self, watches: "PatientWatches") -> None:
        self._watches = watches

    async def wait(self, seconds: float) -> bool:
        clock, dropped_at = self._watches.clock, self._watches.dropped_at
        if dropped_at is not None and clock.now() + timedelta(seconds=seconds) > dropped_at:
            return True
        await clock.sleep(seconds)
        self._watches.waits.append(seconds)
        return False

    @property
    def dropped(self) -> bool:
        return self._watches.dropped_at is not None and self._watches.clock.now() >= self._watches.dropped_at


class PatientWatches:
    """The watches of one job, and how long they waited."""

    def __init__(self, clock: StoppedClock) -> None:
        self.clock = clock
        self.waits: list[float] = []
        self.dropped_at: datetime | None = None

    @contextmanager
    def watching(self, job_id: str) -> Iterator[PatientWatch]:
        yield PatientWatch(self)

    @property
    def job_ids(self) -> Set[str]:
        return {JOB.job_id}

    def drop(self, job_id: str) -> None:
        self.dropped_at = self.clock.now()


class Looked(MemoryProvider):
    """A provider that notes when it was looked at."""

    def __init__(self, clock: StoppedClock) -> None:
        super().__init__()
        self._clock = clock
        self.looked_at: list[datetime] = []

    async def look(self, access: Access, handed: Handed, prospect: Prospect = Prospect.UNSEEN) -> LookOutcome:
        self.looked_at.append(self._clock.now())
        return await super().look(access, handed, prospect)


class Keys:
    """Every key there is."""

    async def open(self, offer_id: str, key_id: str) -> Secret:
        return Secret(f"{key_id} of {offer_id}")


class Broker:
    """Somewhere to say things, unless it is away."""

    def __init__(self) -> None:
        self.said: list[Event] = []
        self.is_there = True

    async def say(self, *facts: Event) -> None:
        if not self.is_there:
            raise Transient("no broker")
        self.said += facts


class World:
    """Everything that a watch asks for, put together."""

    def __init__(self, *looks: LookOutcome, then: LookOutcome | None = None) -> None:
        self.clock = StoppedClock(ROUTED)
        self.watches = PatientWatches(self.clock)
        self.broker = Broker()
        self.records = MemoryRecords()
        self.provider = Looked(self.clock)
        self.provider.put(Handed("ace-step-15", "theirs", JOB.kind), Script(looks=looks, then=then))
        self.shared = Watching(
            kinds=KINDS,
            providers={"venice": self.provider},
            keys=Keys(),
            announcer=self.broker,
            watches=self.watches,
            records=self.records,
            clock=self.clock,
            slots=Slots(),
            sights=Sights(),
        )

    @property
    def at(self) -> datetime:
        """The instant that it is."""
        return self.clock.now()

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.clock.move(time)

    async def watch(self) -> list[Event | Addressed]:
        """Hold one lease on the job."""
        return list(await watch_job(JOB, self.shared))
