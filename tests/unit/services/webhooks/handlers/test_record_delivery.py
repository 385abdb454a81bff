"""An ending goes on the timetable once."""

import pytest

from services.webhooks.handlers.record_delivery import record_delivery
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.errors import Transient
from tests.unit.services.webhooks.samples import ending, job
from tests.unit.services.webhooks.world import World


async def heard(world: World, of: JobRecord) -> None:
    said = await record_delivery(ending(of), jobs=world.jobs, deliveries=world.deliveries, wake=world.wake)
    assert said == ()


async def test_an_ending_is_on_the_timetable_and_the_courier_awake(world: World) -> None:
    ended = job()
    world.jobs.put(ended)
    await heard(world, ended)
    assert world.deliveries.record(f"{ended.id}:succeeded").url == ended.webhook_url
    assert world.woken == 1


async def test_an_ending_heard_again_is_the_same_delivery(world: World) -> None:
    ended = job()
    world.jobs.put(ended)
    for _ in range(3):
        await heard(world, ended)
    assert len(await world.deliveries.due(past_hosts=(), limit=10)) == 1
    assert world.woken == 1


async def test_a_buyer_who_gave_no_url_hears_nothing(world: World) -> None:
    ended = job(webhook_url=None)
    world.jobs.put(ended)
    await heard(world, ended)
    assert await world.deliveries.due(past_hosts=(), limit=10) == []


async def test_a_purged_job_is_nobodys_news(world: World) -> None:
    await heard(world, job())
    assert await world.deliveries.due(past_hosts=(), limit=10) == []


async def test_news_that_are_ahead_of_the_job_are_heard_again_later(world: World) -> None:
    ended = job()
    world.jobs.put(job(id=ended.id, status=JobStatus.RUNNING, ended_at=None))
    with pytest.raises(Transient):
        await heard(world, ended)
