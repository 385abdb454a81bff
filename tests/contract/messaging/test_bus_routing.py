"""Who hears what."""

import asyncio

import pytest

from shared.messaging.failures import Refused, Unroutable
from shared.messaging.message import Message, Received
from shared.messaging.topology import Broadcast
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Heard
from tests.contract.messaging.worlds import World


async def test_every_queue_bound_to_the_key_hears_it_whole(world: World) -> None:
    one, other, deaf = Listener(), Listener(), Listener()
    bus = await world.bus()
    bus.subscribe(world.queue("music.job.*"), one)
    bus.subscribe(world.queue("#.created", "music.#"), other)
    bus.subscribe(world.queue("video.#"), deaf)
    await bus.start()
    await bus.publisher.publish(fact("music.job.created"))
    await one.heard.some()
    await other.heard.some()
    expected = Received("music.job.created", b'{"a": 1}', "event-1", headers={"traceparent": "00-1"})
    assert one.heard == [expected]
    assert other.heard == [expected]
    assert deaf.heard == []


async def test_replicas_divide_the_messages_of_a_shared_queue(world: World) -> None:
    queue = world.queue("divided", prefetch=5)
    heard: Heard[str] = Heard()
    processes = [await world.bus() for _ in range(2)]
    listeners = [Listener(), Listener()]
    for process, listener in zip(processes, listeners, strict=True):

        async def handle(received: Received, listener: Listener = listener) -> list[Message]:
            heard.append(received.event_id)
            return list(await listener(received))

        process.subscribe(queue, handle)
        await process.start()
    await processes[0].publisher.publish(*[fact("divided", str(n)) for n in range(60)])
    await heard.some(60)
    assert sorted(heard, key=int) == [str(n) for n in range(60)]
    assert all(listener.heard for listener in listeners)


async def test_a_broadcast_reaches_every_process(world: World) -> None:
    listeners = [Listener() for _ in range(3)]
    for listener in listeners:
        process = await world.bus()
        process.subscribe(Broadcast(("key.revoked",)), listener)
        await process.start()
    await process.publisher.publish(fact("key.revoked"), fact("offer.changed", mandatory=False))
    for listener in listeners:
        await listener.heard.some()
        assert [received.routing_key for received in listener.heard] == ["key.revoked"]


async def test_what_is_said_while_state_is_loaded_is_heard_afterwards(world: World) -> None:
    order: Heard[str] = Heard()
    speaker = await world.bus()
    await speaker.start()
    process = await world.bus()

    async def load() -> None:
        await speaker.publisher.publish(fact("offer.changed"))
        order.append("loaded")

    async def hear(received: Received) -> list[Message]:
        order.append(received.routing_key)
        return []

    process.subscribe(world.queue("shared"), hear)
    process.subscribe(Broadcast(("offer.changed",)), hear, on_bound=load)
    await process.start()
    await order.some(2)
    assert order == ["loaded", "offer.changed"]


async def test_straight_to_a_queue_reaches_nobody_else(world: World) -> None:
    straight, bound = Listener(), Listener()
    queue = world.queue()
    bus = await world.bus()
    bus.subscribe(queue, straight)
    bus.subscribe(world.queue("music.job.routed"), bound)
    await bus.start()
    await bus.publisher.publish(fact("music.job.routed", queue=queue.name))
    await straight.heard.some()
    assert straight.heard[0].routing_key == "music.job.routed"
    assert straight.heard[0].headers == {"traceparent": "00-1"}
    assert bound.heard == []


async def test_a_mandatory_message_that_nobody_is_bound_for_is_an_error(world: World) -> None:
    bus = await world.bus()
    bus.subscribe(world.queue("somebody"), listener := Listener())
    await bus.start()
    with pytest.raises(Unroutable):
        await bus.publisher.publish(fact("nobody"))
    with pytest.raises(Unroutable):
        await bus.publisher.publish(fact("nobody", queue="no-such-queue", mandatory=False))
    await bus.publisher.publish(fact("nobody", mandatory=False))
    with pytest.raises(Unroutable):
        await bus.publisher.publish(fact("somebody"), fact("nobody"))
    await listener.heard.some()


async def test_a_full_queue_refuses(world: World) -> None:
    bus = await world.bus()
    bus.subscribe(world.queue("asked", prefetch=1, max_length=2), Gate())
    await bus.start()
    with pytest.raises(Refused):
        for n in range(200):  # a quorum queue notices a little late that it is full
            await bus.publisher.publish(fact("asked", str(n)))


async def test_many_at_once_keep_their_own_answers(world: World) -> None:
    bus = await world.bus()
    bus.subscribe(world.queue("somebody"), listener := Listener())
    await bus.start()
    keys = ["somebody", "nobody"] * 100
    answers = await asyncio.gather(
        *(bus.publisher.publish(fact(key, "the same event")) for key in keys), return_exceptions=True
    )
    assert [isinstance(answer, Unroutable) for answer in answers] == [key == "nobody" for key in keys]
    await listener.heard.some(100)
