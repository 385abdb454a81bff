"""What buyers ask for: a retry, a test."""

from datetime import timedelta

from services.webhooks.domain.answer import Delivered
from services.webhooks.handlers.request_retry import request_retry
from services.webhooks.handlers.send_trial import send_trial
from services.webhooks.handlers.tell_outcomes import OVERDUE, tell_overdue
from shared.contracts.market_events import DeliveryRetryRequested, DeliverySucceeded, DeliveryTestRequested
from tests.unit.services.webhooks.samples import BUYER, URL, attempt, delivery
from tests.unit.services.webhooks.world import World


async def retried(world: World, delivery_id: str, wish: str = "first") -> None:
    event = DeliveryRetryRequested(delivery_id=delivery_id, buyer_id=BUYER, request_id=wish)
    assert await request_retry(event, deliveries=world.deliveries, wake=world.wake) == ()


async def delivered(world: World) -> str:
    wanted = delivery()
    await world.deliveries.add(wanted)
    await world.deliveries.conclude(await world.claimed(wanted.id), attempt(), Delivered())
    return wanted.id


async def test_a_retry_is_due_at_once_and_wakes_the_courier(world: World) -> None:
    delivery_id = await delivered(world)
    await retried(world, delivery_id)
    assert [due.id for due in await world.deliveries.due(past_hosts=(), limit=10)] == [delivery_id]
    assert world.woken == 1


async def test_a_retry_of_nothing_is_no_trouble(world: World) -> None:
    await retried(world, "nothing")
    assert world.woken == 0


async def test_a_test_is_a_delivery_of_its_own_however_often_it_is_heard(world: World) -> None:
    wish = DeliveryTestRequested(delivery_id="a-test", buyer_id=BUYER, url=URL)
    for _ in range(2):
        await send_trial(wish, deliveries=world.deliveries, wake=world.wake, clock=world.clock)
    record = world.deliveries.record("a-test")
    assert (record.type, record.job_id, record.url) == ("webhook.test", None, URL)
    assert world.woken == 1


async def test_an_outcome_whose_process_died_is_said_by_another(world: World) -> None:
    delivery_id = await delivered(world)
    await tell_overdue(deliveries=world.deliveries, announcer=world.heard)
    assert world.heard.facts == []
    world.clock.move(OVERDUE + timedelta(seconds=1))
    for _ in range(2):
        await tell_overdue(deliveries=world.deliveries, announcer=world.heard)
    assert world.heard.facts == [DeliverySucceeded(delivery_id=delivery_id, buyer_id=BUYER, attempts=1)]
