"""Following a job: an ending wakes whoever waits, and news that were missed are found by reading again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from services.api.adapters.process_watches import ProcessWatches
from services.api.domain.reader import ByKey
from services.api.domain.refusals import JobNotFound
from services.api.handlers import follow_job as following
from services.api.handlers.follow_job import Following, follow_job, wait_for_ending
from services.api.handlers.tell_watchers import tell_watchers
from shared.contracts.job_events import JobEvent
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.ids import new_id
from shared.runtime.clock import SystemClock
from tests.kit.waiting import happens
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import attempt

LONG = timedelta(seconds=30)
STAYS = partial(bool, True)
LEAVES = partial(bool, False)


class Waiting:
    """A market, and somebody who follows one of its jobs."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.watches = ProcessWatches()
        self.world = Following(market.jobs, self.watches, market.signing, SystemClock())

    async def ended(self, job: JobRecord) -> None:
        await self.market.deliver(job.id)
        for event in await self.market.post.arrive():
            assert isinstance(event, JobEvent)
            await tell_watchers(event, watches=self.watches)


@pytest.fixture
async def waiting() -> Waiting:
    return Waiting(await Market().open())


async def test_an_ending_wakes_who_waits_for_it(waiting: Waiting) -> None:
    job = await waiting.market.routed()
    waiter = asyncio.create_task(
        wait_for_ending(job.id, ByKey(job.buyer_id), within=LONG, wanted=STAYS, world=waiting.world)
    )
    await happens(lambda: waiting.watches._watches, every=0)
    await waiting.ended(job)
    async with asyncio.timeout(2):
        assert (await waiter).status is JobStatus.SUCCEEDED
    assert not waiting.watches._watches, "nobody is left waiting"


async def test_an_ended_job_is_not_waited_for(waiting: Waiting) -> None:
    job = await waiting.market.routed()
    await waiting.ended(job)
    async with asyncio.timeout(2):
        ended = await wait_for_ending(job.id, ByKey(job.buyer_id), within=LONG, wanted=STAYS, world=waiting.world)
    assert ended.ended


async def test_nobody_is_waited_for_who_has_gone(waiting: Waiting) -> None:
    job = await waiting.market.routed()
    async with asyncio.timeout(2):
        live = await wait_for_ending(job.id, ByKey(job.buyer_id), within=LONG, wanted=LEAVES, world=waiting.world)
    assert live.status is JobStatus.SUBMITTED
    assert not waiting.watches._watches


async def test_waiting_ends_with_the_job_as_it_is_when_the_time_is_up(waiting: Waiting) -> None:
    job = await waiting.market.routed()
    within = timedelta(milliseconds=20)
    live = await wait_for_ending(job.id, ByKey(job.buyer_id), within=within, wanted=STAYS, world=waiting.world)
    assert live.status is JobStatus.SUBMITTED


async def test_an_ending_that_was_not_heard_of_is_found_by_reading_again(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "REREAD", timedelta(milliseconds=10))
    job = await waiting.market.routed()
    waiter = asyncio.create_task(
        wait_for_ending(job.id, ByKey(job.buyer_id), within=LONG, wanted=STAYS, world=waiting.world)
    )
    await waiting.market.deliver(job.id)
    async with asyncio.timeout(2):
        assert (await waiter).ended


async def test_nobody_waits_for_a_foreign_job(waiting: Waiting) -> None:
    job = await waiting.market.routed()
    with pytest.raises(JobNotFound):
        await wait_for_ending(job.id, ByKey(new_id()), within=LONG, wanted=STAYS, world=waiting.world)


async def test_a_follower_sees_the_job_now_and_every_change_and_then_the_end(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "REREAD", timedelta(milliseconds=10))
    job = (await waiting.market.submit()).job
    stream = follow_job(job.id, ByKey(job.buyer_id), world=waiting.world)
    async with asyncio.timeout(2):
        assert await anext(stream) == job
        assert await anext(stream) is None, "nothing has changed, and the line is kept warm"
        await waiting.market.jobs.note_routed(job.id, 1)
        routed = await anext(stream)
        assert routed is not None
        assert routed.status is JobStatus.SUBMITTED
        waiting.market.attempts.put(attempt(job.id))
        await waiting.ended(job)
        rest = [seen async for seen in stream if seen is not None]
    assert [seen.status for seen in rest][-1] is JobStatus.SUCCEEDED
    assert not waiting.watches._watches
