"""The courier claims what is due, keeps its lines apart, and survives what fails."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.webhooks.adapters.memory_deliveries import MemoryDeliveries
from services.webhooks.domain.answer import Answered, Unanswered
from services.webhooks.domain.breaker import LEAST, REST_SECONDS
from services.webhooks.domain.delivery import TEST_TYPE, Delivery, Due, of_job
from services.webhooks.entrypoints.courier import Courier
from shared.contracts.records.delivery import DeliveryState
from shared.kernel.clock import Clock
from shared.runtime.clock import SystemClock
from shared.runtime.tickers import Ticker, tick
from tests.kit.waiting import happens
from tests.unit.services.webhooks.samples import delivery, job, middle
from tests.unit.services.webhooks.world import World


class DatabaseGone(Exception):
    """As a driver would say."""


class FailingDeliveries(MemoryDeliveries):
    """A timetable that fails as often as told."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.failing_looks = 0
        self.failing_conclusions = 0

    async def due(self, *, past_hosts: Collection[str], limit: int) -> Sequence[Due]:
        if self.failing_looks:
            self.failing_looks -= 1
            raise DatabaseGone
        return await super().due(past_hosts=past_hosts, limit=limit)

    async def conclude(self, *what: Any) -> Any:
        if self.failing_conclusions:
            self.failing_conclusions -= 1
            raise DatabaseGone
        return await super().conclude(*what)


def failing(times: int) -> Callable[[], Awaitable[None]]:
    """Fail that often, as what is read before sending can."""
    left = [DatabaseGone()] * times

    async def fail() -> None:
        if left:
            raise left.pop()

    return fail


@pytest.fixture
def deliveries(world: World) -> FailingDeliveries:
    return FailingDeliveries(world.clock)


@pytest.fixture
def courier(world: World, deliveries: FailingDeliveries) -> Courier:
    return Courier(deliveries, world.sending, replace(world.concluding, deliveries=deliveries), world.clock)


async def added(world: World, deliveries: MemoryDeliveries, url: str = "https://receiver.example/") -> Delivery:
    ended = job(webhook_url=url)
    world.jobs.put(ended)
    wanted = of_job(ended)
    assert wanted is not None
    await deliveries.add(wanted)
    return wanted


async def looked(courier: Courier) -> None:
    """One look, and everything it began has ended."""
    await courier.look()
    await happens(lambda: not courier.under_way, every=0)


async def test_a_look_sends_everything_that_is_due(
    world: World, deliveries: FailingDeliveries, courier: Courier, lines: list[dict[str, object]]
) -> None:
    owed = [await added(world, deliveries, f"https://{number}.example/") for number in range(5)]
    await looked(courier)
    assert {deliveries.record(wanted.id).state for wanted in owed} == {DeliveryState.SUCCEEDED}
    assert {line["delivery_id"] for line in lines} == {wanted.id for wanted in owed}
    assert {(line["event"], line["status"], line["verdict"]) for line in lines} == {
        ("delivery attempt", 200, "delivered")
    }


async def test_a_look_that_fails_is_not_the_last(world: World, deliveries: FailingDeliveries) -> None:
    deliveries.failing_looks = 2
    wanted = await added(world, deliveries)
    clock = SystemClock()
    courier = Courier(deliveries, world.sending, replace(world.concluding, deliveries=deliveries), clock)
    ticker = Ticker("courier", timedelta(milliseconds=1), courier.run)
    ticking = asyncio.create_task(tick(ticker, clock, middle, asyncio.Event()))
    await happens(lambda: deliveries.record(wanted.id).state is DeliveryState.SUCCEEDED)
    ticking.cancel()
    await asyncio.wait({ticking})


async def test_an_attempt_that_breaks_off_comes_back_with_its_lease(
    world: World, deliveries: FailingDeliveries, courier: Courier, lines: list[dict[str, object]]
) -> None:
    deliveries.failing_conclusions = 1
    wanted = await added(world, deliveries)
    await looked(courier)
    assert deliveries.record(wanted.id).attempts == 0
    assert [line["event"] for line in lines] == ["delivery attempt broke off"]
    await looked(courier)
    assert len(world.receiver.got) == 1
    world.clock.move(timedelta(minutes=1))
    await looked(courier)
    assert deliveries.record(wanted.id).state is DeliveryState.SUCCEEDED


async def test_a_database_that_fails_us_is_no_sign_against_a_receiver(
    world: World, deliveries: FailingDeliveries, courier: Courier
) -> None:
    world.receiver.meanwhile = failing(LEAST)
    wanted = await added(world, deliveries)
    for _ in range(LEAST + 1):
        await looked(courier)
        world.clock.move(timedelta(minutes=1))
    assert deliveries.record(wanted.id).state is DeliveryState.SUCCEEDED


async def test_a_receiver_that_keeps_failing_is_left_alone_and_then_probed(
    world: World, deliveries: FailingDeliveries, courier: Courier
) -> None:
    world.receiver.answers += [Unanswered("timeout")] * (LEAST + 1)
    for _ in range(LEAST):
        await added(world, deliveries)
        await looked(courier)
    for _ in range(3):
        await added(world, deliveries)
    await looked(courier)
    assert len(world.receiver.got) == LEAST
    for probed in (LEAST + 1, 2 * LEAST + 3 + 1):
        world.clock.move(timedelta(seconds=REST_SECONDS))
        await looked(courier)
        assert len(world.receiver.got) == probed


async def test_a_buyer_with_a_wrong_path_does_not_close_the_host_to_others(
    world: World, deliveries: FailingDeliveries, courier: Courier
) -> None:
    world.receiver.answers += [Answered(404)] * 2 * LEAST
    for _ in range(2 * LEAST + 1):
        await added(world, deliveries)
        await looked(courier)
    assert len(world.receiver.got) == 2 * LEAST + 1


async def test_what_a_test_event_meets_does_not_close_the_host_to_others(
    world: World, deliveries: FailingDeliveries, courier: Courier
) -> None:
    world.receiver.answers += [Unanswered("timeout")] * 2 * LEAST
    for number in range(2 * LEAST):
        await deliveries.add(
            delivery(id=f"test-{number}", type=TEST_TYPE, job_id=None, url="https://receiver.example/")
        )
        await looked(courier)
    wanted = await added(world, deliveries)
    await looked(courier)
    assert deliveries.record(wanted.id).state is DeliveryState.SUCCEEDED
