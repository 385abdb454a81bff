"""A webhooks process but for its broker: the real timetable and the real way out, and couriers to send."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta

from services.webhooks.adapters.guarded_receiver import TIMEOUTS, GuardedReceiver
from services.webhooks.adapters.memory_readings import MemoryJobs, MemorySecrets
from services.webhooks.adapters.mongo_deliveries import MongoDeliveries
from services.webhooks.domain.delivery import Delivery, of_job
from services.webhooks.domain.receivers import PLACES
from services.webhooks.entrypoints.courier import Courier
from services.webhooks.handlers.compose_post import Composing
from services.webhooks.handlers.conclude_attempt import Concluding
from services.webhooks.handlers.send_attempt import Sending
from shared.contracts.records.delivery import COLLECTION, DeliveryRecord, DeliveryState, read_delivery
from shared.egress.names import Names, SystemNames
from shared.egress.session import Timeouts, open_guarded_session
from shared.kernel.clock import Clock
from shared.runtime.clock import SystemClock
from shared.storage.mongo import Collection, open_database
from tests.kit.waiting import eventually
from tests.unit.services.webhooks.samples import BUYER, SECRET, job, middle
from tests.unit.services.webhooks.world import Heard, PlainViews

LADDER = tuple(timedelta(seconds=seconds) for seconds in (0, 0.2, 0.2, 0.2))
"""A ladder that a test can climb."""
IMPATIENT = Timeouts(connect=timedelta(seconds=0.5), read=timedelta(seconds=1), total=timedelta(seconds=1))


@dataclass
class Office:
    """One database, and what its couriers share."""

    collection: Collection
    deliveries: MongoDeliveries
    sending: Sending
    concluding: Concluding
    jobs: MemoryJobs
    heard: Heard

    async def add(self, url: str) -> Delivery:
        """A delivery of a job that just ended, on the timetable."""
        ended = job(webhook_url=url)
        self.jobs.put(ended)
        wanted = of_job(ended)
        assert wanted is not None
        await self.deliveries.add(wanted)
        return wanted

    async def record(self, wanted: Delivery) -> DeliveryRecord:
        document = await self.collection.find_one({"_id": wanted.id})
        assert document is not None
        return read_delivery(document)

    async def over(self, wanted: Delivery, *, within: float = 10) -> DeliveryRecord:
        """The record once no attempt is to come."""
        return await self.when(wanted, lambda record: record.state is not DeliveryState.PENDING, within=within)

    async def attempted(self, wanted: Delivery, times: int = 1, *, within: float = 10) -> DeliveryRecord:
        """The record once so many attempts are noted."""
        return await self.when(wanted, lambda record: record.attempts >= times, within=within)

    async def when(self, wanted: Delivery, fact, *, within: float) -> DeliveryRecord:
        async def look() -> DeliveryRecord | None:
            record = await self.record(wanted)
            return record if fact(record) else None

        found = await eventually(look, within=within)
        assert found is not None
        return found

    @asynccontextmanager
    async def courier(self) -> AsyncIterator[Courier]:
        """A courier at work; at the end of the block it is told to stop, and awaited."""
        courier = Courier(self.deliveries, self.sending, self.concluding, SystemClock())
        running = asyncio.create_task(courier.run())
        try:
            yield courier
        finally:
            running.cancel()
            await asyncio.wait({running})


@asynccontextmanager
async def open_office(
    mongo_url: str,
    database_name: str,
    *,
    ladder: Sequence[timedelta] = LADDER,
    timeouts: Timeouts = TIMEOUTS,
    allow_private: bool = True,
    names: Names | None = None,
) -> AsyncIterator[Office]:
    """Open an office on a real database."""
    clock: Clock = SystemClock()
    heard, jobs, secrets = Heard(), MemoryJobs(), MemorySecrets()
    secrets.put(BUYER, SECRET)
    async with (
        AsyncExitStack() as stack,
        open_database(mongo_url, database_name) as database,
        open_guarded_session(
            names or stack.enter_context(closing(SystemNames())), allow_private=allow_private, connections=PLACES
        ) as session,
    ):
        deliveries = MongoDeliveries(database[COLLECTION])
        await deliveries.ensure_indexes()
        receiver = GuardedReceiver(session, clock, allow_private=allow_private, timeouts=timeouts)
        sending = Sending(Composing(jobs, secrets, PlainViews(), clock), receiver, clock)
        concluding = Concluding(deliveries, heard, ladder, middle if ladder is LADDER else random.random)
        yield Office(database[COLLECTION], deliveries, sending, concluding, jobs, heard)
