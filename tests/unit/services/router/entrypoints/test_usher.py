"""The usher takes on whose wait is over, whatever becomes of the others."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.router.domain.waiting_room import LEASE
from services.router.entrypoints.usher import AGAIN, PLACES, Usher
from services.router.handlers.sweep import UNROUTED, sweep_jobs
from shared.contracts.job_events import JobRouted
from shared.contracts.records.job import JobRecord
from shared.runtime.tickers import Ticker, ticking
from shared.storage.mongo import UNAVAILABLE
from tests.kit.clocks import HeldClock
from tests.kit.waiting import happens, others_run
from tests.unit.services.router.market import AT, attempt, job, offer
from tests.unit.services.router.probing import SilentProvider
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)


@pytest.fixture
def provider(world: World) -> SilentProvider:
    world.provider = silent = SilentProvider()
    world.routing = world.another_process()
    return silent


@pytest.fixture
def usher(world: World, provider: SilentProvider) -> Usher:
    return Usher(world.routing, world)


def waits(world: World, *names: str) -> None:
    """Jobs whose wait is over now."""
    for name in names:
        world.jobs.put(job(name))
        assert world.routing.waiting.enter(name, world.now)


def routed(world: World) -> list[str]:
    return [said.job_id for said in world.said if isinstance(said, JobRouted)]


async def with_a_silent_offer(world: World) -> None:
    """The cheapest offer, which takes one job at a time, does not answer."""
    await world.open(offer("silent", 5_000, max_concurrent=1), offer("sound", 7_000))


async def test_a_job_at_a_silent_seller_keeps_no_other_waiting(
    world: World, usher: Usher, provider: SilentProvider
) -> None:
    await with_a_silent_offer(world)
    waits(world, "slow")
    usher.look()
    await provider.asked_now.wait()
    for name in ("second", "third"):
        waits(world, name)
        usher.look()
        await happens(lambda: usher.under_way == 1, every=0)
    assert routed(world) == ["second", "third"]
    provider.answer.set()
    await happens(lambda: not usher.under_way, every=0)
    assert routed(world) == ["second", "third", "slow"]


async def test_no_more_are_taken_on_at_once_than_there_are_places(
    world: World, usher: Usher, provider: SilentProvider
) -> None:
    await world.open(offer("silent", 5_000, max_concurrent=10_000))
    names = [f"{number:04}" for number in range(PLACES + 5)]
    waits(world, *names)
    usher.look()
    usher.look()
    assert usher.under_way == PLACES
    assert all(name in world.routing.waiting for name in names[PLACES:])
    provider.answer.set()
    await happens(lambda: not usher.under_way, every=0)


async def test_a_job_under_way_that_a_sweep_finds_is_not_taken_on_twice(
    world: World, usher: Usher, provider: SilentProvider
) -> None:
    await with_a_silent_offer(world)
    waits(world, "job")
    usher.look()
    await provider.asked_now.wait()
    world.pass_by(UNROUTED + SECOND)
    await sweep_jobs(routing=world.routing, leftovers=world.attempts)
    usher.look()
    assert usher.under_way == 1
    provider.answer.set()
    await happens(lambda: not usher.under_way, every=0)
    world.pass_by(LEASE)
    await world.wake()
    assert len(world.asked()) == 1


async def test_a_job_that_another_router_is_at_is_taken_on_a_little_later(world: World) -> None:
    await world.open(offer("sound"))
    await world.attempts.intend(attempt(at=offer("sound"), intended_at=world.now))
    waits(world, "job")
    await world.wake()
    assert world.routing.waiting.wake(world.now + AGAIN - SECOND, 1) == []
    assert world.routing.waiting.wake(world.now + AGAIN, 1) == ["job"]


@pytest.mark.parametrize("error", [UNAVAILABLE[0]("away"), KeyError("parameters")], ids=["away", "unreadable"])
async def test_one_job_that_cannot_be_read_keeps_no_other_from_its_turn(world: World, error: Exception) -> None:
    await world.open(offer("sound"))
    waits(world, "broken", "sound")
    find = world.jobs.find

    async def fails_for_one(job_id: str) -> JobRecord | None:
        if job_id == "broken":
            raise error
        return await find(job_id)

    world.jobs.find = fails_for_one  # type: ignore[method-assign]
    with capture_logs() as lines:
        await world.wake()
    assert routed(world) == ["sound"]
    put_off = "broken" in world.routing.waiting
    told = [line["job_id"] for line in lines if line["event"] == "job not resumed"]
    assert (put_off, told) == ((True, []) if isinstance(error, UNAVAILABLE) else (False, ["broken"]))


async def test_what_is_under_way_when_the_process_is_to_end_is_brought_to_its_end(
    world: World, provider: SilentProvider
) -> None:
    clock = HeldClock(AT)
    await with_a_silent_offer(world)
    waits(world, "job")
    usher = Usher(replace(world.routing, clock=clock), world)
    rounds = ticking([Ticker("usher", SECOND, usher.run, lasting=True)], clock, lambda: 0.5, drain=10 * SECOND)
    await rounds.__aenter__()
    await happens(lambda: clock.sleepers, every=0)
    clock.move(SECOND)
    async with asyncio.timeout(5):
        await provider.asked_now.wait()
        leaving = asyncio.create_task(rounds.__aexit__(None, None, None))
        await others_run()
        waits(world, "late")
        clock.move(10 * SECOND)
        assert not leaving.done()
        provider.answer.set()
        await leaving
    assert routed(world) == ["job"]
