"""The timetable twice: in memory, and on a real database, there with each of the two drivers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from services.webhooks.adapters.memory_deliveries import MemoryDeliveries
from services.webhooks.adapters.mongo_deliveries import MongoDeliveries
from services.webhooks.ports import Deliveries
from shared.contracts.records.delivery import COLLECTION, DeliveryRecord, read_delivery
from shared.runtime.clock import SystemClock
from shared.storage.mongo import open_database


@dataclass(frozen=True)
class Timetable:
    """The port, and how others read what it keeps."""

    deliveries: Deliveries
    record: Callable[[str], Awaitable[DeliveryRecord]]


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def timetable(request: pytest.FixtureRequest) -> AsyncIterator[Timetable]:
    """A timetable of this test's own."""
    if request.param == "memory":
        memory = MemoryDeliveries(SystemClock())

        async def recall(delivery_id: str) -> DeliveryRecord:
            return memory.record(delivery_id)

        yield Timetable(memory, recall)
        return
    url, name = request.getfixturevalue("mongo_url"), request.getfixturevalue("database_name")
    async with open_database(url, name, request.param) as database:
        mongo = MongoDeliveries(database[COLLECTION])
        await mongo.ensure_indexes()

        async def read(delivery_id: str) -> DeliveryRecord:
            document = await database[COLLECTION].find_one({"_id": delivery_id})
            assert document is not None
            return read_delivery(document)

        yield Timetable(mongo, read)


@pytest.fixture
def deliveries(timetable: Timetable) -> Deliveries:
    return timetable.deliveries
