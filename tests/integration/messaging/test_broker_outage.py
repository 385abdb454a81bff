"""A broker that dies, and one that stops answering."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from shared.messaging.failures import Unconfirmed
from shared.messaging.handled import Outcome
from shared.messaging.message import Message, Received
from shared.messaging.rabbit import RabbitBus
from shared.messaging.topology import Exchange, Queue
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Observed
from tests.integration.messaging.mortal_broker import MortalBroker
from tests.kit.waiting import happens, others_run

pytestmark = [pytest.mark.servers, pytest.mark.chaos]

SETTLED_SECONDS = 3.0
"""RabbitMQ 3.10 may lose a quorum queue that was declared within a second or two before a kill."""

CONSUMING_AGAIN_SECONDS = 15.0


@pytest.fixture
def queue(namespace: str) -> Queue:
    return Queue(f"{namespace}.asked", ("asked",))


@pytest.fixture
def told(namespace: str) -> Queue:
    return Queue(f"{namespace}.told", ("told",))


@pytest.fixture
async def bus(mortal: MortalBroker, namespace: str, observed: Observed) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(mortal.url, Exchange(f"{namespace}.events"), name="outage", observer=observed)
    yield bus
    await bus.stop(timedelta(0))


async def settled(bus: RabbitBus) -> None:
    await bus.start()
    await asyncio.sleep(SETTLED_SECONDS)


async def test_a_killed_broker_loses_nothing_and_is_consumed_again_within_15_seconds(
    mortal: MortalBroker, bus: RabbitBus, queue: Queue, told: Queue, observed: Observed
) -> None:
    gate, listener = Gate(says="told"), Listener()
    bus.subscribe(queue, gate)
    bus.subscribe(told, listener)
    await settled(bus)
    await bus.publisher.publish(*[fact("asked", str(n)) for n in range(60)])
    await gate.entered.some(50)
    await asyncio.to_thread(mortal.kill)
    await happens(lambda: not bus.healthy, within=15)
    gate.open()
    await asyncio.to_thread(mortal.revive)
    await happens(lambda: bus.healthy, within=CONSUMING_AGAIN_SECONDS)
    await listener.heard.until(lambda heard: len({received.event_id for received in heard}) == 60, within=30)
    await happens(lambda: observed.outcomes.count(Outcome.DONE) >= 120, within=15)


async def test_an_effect_that_outlives_the_broker_runs_once(
    mortal: MortalBroker, bus: RabbitBus, queue: Queue, told: Queue
) -> None:
    gate, listener = Gate(says="told"), Listener()
    bus.subscribe(queue, gate)
    bus.subscribe(told, listener)
    await settled(bus)
    await bus.publisher.publish(fact("asked", "first"))
    await gate.entered.some()
    await asyncio.to_thread(mortal.kill)
    await asyncio.to_thread(mortal.revive)
    await happens(lambda: bus.healthy, within=CONSUMING_AGAIN_SECONDS)
    await bus.publisher.publish(fact("asked", "behind it"))
    await gate.entered.some(2)
    gate.open()
    await listener.heard.some(2)
    assert [received.event_id for received in gate.entered] == ["first", "behind it"]


async def test_a_publish_waits_for_a_frozen_broker_no_longer_than_its_deadline(
    mortal: MortalBroker, bus: RabbitBus, queue: Queue
) -> None:
    listener = Listener()
    bus.subscribe(queue, listener)
    await bus.start()
    await bus.publisher.publish(fact("asked", "before"))
    mortal.freeze()
    try:
        began = time.monotonic()
        answers = await asyncio.gather(
            *(bus.publisher.publish(fact("asked", str(n)), within=timedelta(seconds=1)) for n in range(40)),
            return_exceptions=True,
        )
        assert time.monotonic() - began < 3
        assert {type(answer) for answer in answers} == {Unconfirmed}
    finally:
        mortal.thaw()
    await bus.publisher.publish(*[fact("asked", f"after {n}") for n in range(40)])
    await listener.heard.until(lambda heard: sum(r.event_id.startswith("after") for r in heard) == 40)


async def test_a_frozen_broker_does_not_hold_up_the_end_of_a_process(
    mortal: MortalBroker, bus: RabbitBus, queue: Queue
) -> None:
    gate = Gate()
    bus.subscribe(queue, gate)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await gate.entered.some()
    mortal.freeze()
    try:
        async with asyncio.timeout(8):
            await bus.stop(timedelta(seconds=1))
    finally:
        mortal.thaw()


async def test_a_process_may_start_before_its_broker(mortal: MortalBroker, bus: RabbitBus, queue: Queue) -> None:
    listener = Listener()
    bus.subscribe(queue, listener)
    await asyncio.to_thread(mortal.kill)
    starting = asyncio.create_task(bus.start())
    await others_run()
    assert not bus.healthy
    await asyncio.to_thread(mortal.revive)
    async with asyncio.timeout(CONSUMING_AGAIN_SECONDS):
        await starting
    assert bus.healthy
    await bus.publisher.publish(fact("asked"))
    await listener.heard.some()


async def test_a_message_whose_handler_saw_the_broker_die_comes_again_and_ends(
    mortal: MortalBroker, bus: RabbitBus, queue: Queue, observed: Observed
) -> None:
    heard = Listener()

    async def breaks_the_broker_once(received: Received) -> Sequence[Message]:
        if not heard.heard:
            await asyncio.to_thread(mortal.kill)
            await asyncio.to_thread(mortal.revive)
        return await heard(received)

    bus.subscribe(queue, breaks_the_broker_once)
    await settled(bus)
    await bus.publisher.publish(fact("asked"))
    await observed.count(Outcome.DONE, within=30)
    assert observed.outcomes in ([Outcome.GONE, Outcome.DONE], [Outcome.DONE])
