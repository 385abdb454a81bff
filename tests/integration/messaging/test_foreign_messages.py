"""Messages that we did not say, and a consumer that goes on all the same."""

from collections.abc import Sequence

import aio_pika
import pytest

from shared.kernel.errors import Unusable
from shared.messaging.handled import Outcome
from shared.messaging.message import Message, Received
from tests.contract.messaging.handlers import fact
from tests.contract.messaging.observed import Heard, Observed
from tests.contract.messaging.worlds import RabbitWorld, World

pytestmark = pytest.mark.servers

POISON: list[dict[str, object]] = [
    {},
    {"failures": "-1"},
    {"failures": "٣"},  # a digit, but not one that int() was meant for
    {"failures": "9" * 5000},
    {"failures": 3, "event-id": 7, "routing-key": [1, 2]},
    {"event-id": "", "x-death": "not a table"},
    {"traceparent": {"nested": [1]}, "other": None, "when": True},
]


async def test_a_consumer_outlives_whatever_it_is_sent(world: World, rabbitmq_url: str, observed: Observed) -> None:
    assert isinstance(world, RabbitWorld)
    queue = world.queue("asked", prefetch=2)
    heard: Heard[Received] = Heard()

    async def parse(received: Received) -> Sequence[Message]:
        heard.append(received)
        if received.event_id != "good":
            raise Unusable("not ours")
        return ()

    bus = await world.bus(observed)
    bus.subscribe(queue, parse)
    await bus.start()
    async with await aio_pika.connect(rabbitmq_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(world.exchange.name, ensure=False)
        for headers in POISON:
            body = b"\xff\x00{" * 10
            await exchange.publish(aio_pika.Message(body, headers=headers), "asked")  # type: ignore[arg-type]
    await bus.publisher.publish(fact("asked", "good"))
    await observed.count(Outcome.DEAD, len(POISON))
    await observed.count(Outcome.DONE)
    letters = await bus.dead_letters(queue).oldest()
    assert len(letters) == len(POISON)
    assert {letter.received.body for letter in letters} == {b"\xff\x00{" * 10}
    assert {letter.received.routing_key for letter in letters} == {"asked"}
    assert all(letter.id for letter in letters)


async def test_two_foreign_messages_with_one_message_id_are_both_handled(
    world: World, rabbitmq_url: str, observed: Observed
) -> None:
    assert isinstance(world, RabbitWorld)
    bus = await world.bus(observed)
    bodies: Heard[bytes] = Heard()

    async def note(received: Received) -> Sequence[Message]:
        bodies.append(received.body)
        return ()

    bus.subscribe(world.queue("asked"), note)
    await bus.start()
    async with await aio_pika.connect(rabbitmq_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(world.exchange.name, ensure=False)
        for body in (b"1", b"2"):
            await exchange.publish(aio_pika.Message(body, message_id="the same"), "asked")
    await observed.count(Outcome.DONE, 2)
    assert sorted(bodies) == [b"1", b"2"]
