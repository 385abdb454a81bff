"""Deliveries as api reads them: each buyer's own, newest first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.api.adapters.memory_deliveries import MemoryDeliveries
from services.api.adapters.mongo_deliveries import MongoDeliveries
from services.api.ports import Deliveries
from shared.contracts.records.delivery import DeliveryAttempt, DeliveryRecord, DeliveryState
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT

ATTEMPT = DeliveryAttempt(1, AT, timedelta(milliseconds=12), 500, "status 500")


def delivery(delivery_id: str, buyer_id: str = "b1", job_id: str | None = "j1", seconds: int = 0) -> DeliveryRecord:
    at = AT + timedelta(seconds=seconds)
    kind, url = "music.generation.succeeded", "https://example.com/hook"
    return DeliveryRecord(delivery_id, buyer_id, job_id, kind, url, DeliveryState.PENDING, at, at, 1, (ATTEMPT,))


def document(record: DeliveryRecord) -> dict[str, object]:
    """As the webhooks service writes it."""
    return {
        "_id": record.id,
        "buyer_id": record.buyer_id,
        "job_id": record.job_id,
        "type": record.type,
        "url": record.url,
        "state": record.state.value,
        "created_at": record.created_at,
        "next_attempt_at": record.next_attempt_at,
        "attempts": record.attempts,
        "log": [{"number": 1, "at": AT, "millis": 12, "status": 500, "error": "status 500"}],
    }


Put = Callable[[DeliveryRecord], Awaitable[None]]


@pytest.fixture
def kept(database: Database | None) -> tuple[Deliveries, Put]:
    if database is None:
        memory = MemoryDeliveries()

        async def remember(record: DeliveryRecord) -> None:
            memory.put(record)

        return memory, remember
    collection = database["deliveries"]

    async def store(record: DeliveryRecord) -> None:
        await collection.insert_one(document(record))

    return MongoDeliveries(collection), store


async def test_a_delivery_is_found_by_its_buyer_alone(kept: tuple[Deliveries, Put]) -> None:
    deliveries, put = kept
    await put(delivery("d1"))
    assert await deliveries.find_of("b1", "d1") == delivery("d1")
    assert await deliveries.find_of("b2", "d1") is None
    assert await deliveries.find_of("b1", "d2") is None


async def test_pages_go_from_new_to_old_and_tell_equal_times_apart(kept: tuple[Deliveries, Put]) -> None:
    deliveries, put = kept
    for record in (delivery("d1"), delivery("d2"), delivery("d3", seconds=1), delivery("other", "b2", seconds=2)):
        await put(record)
    page = await deliveries.page_of("b1", job_id=None, after=None, limit=2)
    assert [each.id for each in page] == ["d3", "d2"]
    rest = await deliveries.page_of("b1", job_id=None, after=page[-1], limit=2)
    assert [each.id for each in rest] == ["d1"]


async def test_those_of_one_job_are_told_from_others(kept: tuple[Deliveries, Put]) -> None:
    deliveries, put = kept
    for record in (delivery("d1"), delivery("d2", job_id="j2"), delivery("test", job_id=None)):
        await put(record)
    found = await deliveries.page_of("b1", job_id="j2", after=None, limit=5)
    assert [each.id for each in found] == ["d2"]
