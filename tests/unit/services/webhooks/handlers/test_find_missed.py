"""Endings that nobody heard are found."""

from datetime import datetime, timedelta

import pytest

from services.webhooks.domain.delivery import of_job
from services.webhooks.entrypoints.tickers import MissedEndings
from services.webhooks.handlers.find_missed import AWAITED, OVERLAP, PATIENCE, REACH, find_missed
from shared.contracts.records.job import SettlementStatus
from tests.unit.services.webhooks.samples import AT, job
from tests.unit.services.webhooks.world import World

A_MINUTE = timedelta(minutes=1)


async def look(world: World, looked_until: datetime | None = None) -> datetime:
    return await find_missed(
        looked_until, jobs=world.jobs, deliveries=world.deliveries, wake=world.wake, clock=world.clock
    )


async def made(world: World) -> int:
    return len(await world.deliveries.due(past_hosts=(), limit=10_000))


async def test_a_missed_ending_is_made_and_the_courier_woken(world: World) -> None:
    ended = job(ended_at=AT - A_MINUTE)
    world.jobs.put(ended)
    await look(world)
    assert world.deliveries.record(f"{ended.id}:succeeded").url == ended.webhook_url
    assert world.woken == 1


async def test_one_that_was_heard_is_left_alone(world: World) -> None:
    ended = job(ended_at=AT - A_MINUTE)
    world.jobs.put(ended)
    wanted = of_job(ended)
    assert wanted is not None
    await world.deliveries.add(wanted)
    await look(world)
    assert (await made(world), world.woken) == (1, 0)


@pytest.mark.parametrize("ago", [PATIENCE - A_MINUTE / 60, REACH + A_MINUTE], ids=["still on its way", "too long ago"])
async def test_what_is_too_young_or_too_old_is_left_alone(world: World, ago: timedelta) -> None:
    world.jobs.put(job(ended_at=AT - ago))
    await look(world)
    assert await made(world) == 0


async def test_jobs_without_a_url_are_left_alone(world: World) -> None:
    world.jobs.put(job(ended_at=AT - A_MINUTE, webhook_url=None))
    await look(world)
    assert await made(world) == 0


async def test_thousands_are_found_in_one_look(world: World) -> None:
    world.jobs.put(*(job(ended_at=AT - A_MINUTE) for _ in range(1234)))
    await look(world)
    assert await made(world) == 1234


async def test_the_next_look_begins_where_this_one_arrived(world: World) -> None:
    assert await look(world) == AT - PATIENCE
    world.jobs.put(job(ended_at=AT - PATIENCE - OVERLAP - A_MINUTE))
    await look(world, AT - PATIENCE)
    assert await made(world) == 0
    world.jobs.put(job(ended_at=AT - PATIENCE - OVERLAP + A_MINUTE))
    await look(world, AT - PATIENCE)
    assert await made(world) == 1


def looks(world: World) -> MissedEndings:
    return MissedEndings(jobs=world.jobs, deliveries=world.deliveries, wake=world.wake, clock=world.clock)


async def test_a_job_whose_money_has_not_moved_is_awaited(world: World) -> None:
    unsettled = job(ended_at=AT - A_MINUTE, settlement_status=SettlementStatus.PENDING)
    world.jobs.put(unsettled, job(ended_at=AT - A_MINUTE))
    several = looks(world)
    await several.look()
    assert await made(world) == 1
    world.clock.move(AWAITED - 2 * A_MINUTE)
    await several.look()
    world.jobs.put(job(id=unsettled.id, ended_at=unsettled.ended_at))
    await several.look()
    assert await made(world) == 2


async def test_money_that_never_moves_does_not_hold_the_looks_back_for_ever(world: World) -> None:
    world.jobs.put(job(ended_at=AT - timedelta(hours=2), settlement_status=SettlementStatus.PENDING))
    assert await look(world) == AT - PATIENCE - AWAITED


async def test_a_look_that_fails_is_made_again_from_the_same_place(world: World) -> None:
    several = looks(world)
    await several.look()
    world.jobs.put(job(ended_at=AT + A_MINUTE))
    world.clock.move(timedelta(hours=1))
    world.deliveries.missing = refuse  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await several.look()
    del world.deliveries.missing
    await several.look()
    assert await made(world) == 1


async def refuse(delivery_ids: object) -> set[str]:
    raise ConnectionError
