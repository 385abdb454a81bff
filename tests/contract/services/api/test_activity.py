"""What has lately been made: only what was paid for counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.api.adapters.memory_activity import MemoryActivity
from services.api.adapters.mongo_activity import MongoActivity
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.domain.ending import Delivered
from services.api.ports import Activity, Volume
from shared.contracts.records.job import JobRecord, JobStatus, SettlementStatus
from shared.kernel.money import Money
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT, MODEL, delivered, job, letter

LATER = AT + timedelta(hours=1)
OWN = "a buyer with a provider"
Make = Callable[[JobRecord, int, datetime], Awaitable[None]]


def ended(live: JobRecord, cost: int) -> Delivered:
    """Sold by somebody, or rendered by the provider of the one buyer who has one."""
    return delivered(OWN if live.buyer_id == OWN else "a seller", cost)


@pytest.fixture
def made(database: Database | None) -> tuple[Activity, Make]:
    """The port, and what lets a job succeed for so much at that instant."""
    if database is None:
        memory = MemoryActivity()

        async def remember(live: JobRecord, cost: int, at: datetime) -> None:
            ending = ended(live, cost)
            memory.put(
                replace(
                    live,
                    status=JobStatus.SUCCEEDED,
                    settlement_status=SettlementStatus.CONFIRMED,
                    buyer_cost=ending.buyer_cost,
                    ended_at=at,
                    winner=ending.winner,
                    results=ending.results,
                )
            )

        return memory, remember
    jobs = MongoJobs(database["jobs"])

    async def store(live: JobRecord, cost: int, at: datetime) -> None:
        await jobs.insert(live, letter())
        await jobs.end(live.id, replace(ended(live, cost), at=at))
        await jobs.confirm(live.id, SettlementStatus.CONFIRMED, letter())

    return MongoActivity(database["jobs"]), store


async def test_the_latest_come_first(made: tuple[Activity, Make]) -> None:
    activity, make = made
    old, new = job(), job()
    await make(new, 5, LATER)
    await make(old, 5, AT)
    assert [each.id for each in await activity.latest(5)] == [new.id, old.id]
    assert [each.id for each in await activity.latest(1)] == [new.id]


async def test_volumes_are_summed_by_model_from_an_instant_on(made: tuple[Activity, Make]) -> None:
    activity, make = made
    await make(job(), 5, AT)
    await make(job(), 7, LATER)
    await make(job(), 11, LATER)
    assert await activity.volumes(AT) == {MODEL: Volume(3, Money(23))}
    assert await activity.volumes(LATER) == {MODEL: Volume(2, Money(18))}
    assert await activity.volumes(LATER + timedelta(seconds=1)) == {}


async def test_what_a_buyers_own_provider_made_was_no_trade(made: tuple[Activity, Make]) -> None:
    activity, make = made
    await make(job(buyer_id=OWN), 288, LATER)
    assert (list(await activity.latest(5)), await activity.volumes(AT)) == ([], {})
    await make(sold := job(), 5, AT)
    assert [each.id for each in await activity.latest(5)] == [sold.id]
    assert await activity.volumes(AT) == {MODEL: Volume(1, Money(5))}
