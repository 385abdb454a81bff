"""What a person can do with what was set aside."""

from collections.abc import Sequence

from shared.kernel.errors import Unusable
from shared.messaging.bus import Bus
from shared.messaging.handled import Outcome
from shared.messaging.message import Message, Received
from shared.messaging.topology import Queue
from tests.contract.messaging.handlers import fact
from tests.contract.messaging.observed import Heard, Observed
from tests.contract.messaging.worlds import World


class Choosy:
    """Cannot use anything until it is told to."""

    def __init__(self) -> None:
        self.heard: Heard[Received] = Heard()
        self.relents = False

    async def __call__(self, received: Received) -> Sequence[Message]:
        self.heard.append(received)
        if not self.relents:
            raise Unusable("not this")
        return ()


async def three_set_aside(world: World, observed: Observed) -> tuple[Bus, Queue, Choosy]:
    queue, choosy = world.queue("asked"), Choosy()
    bus = await world.bus(observed)
    bus.subscribe(queue, choosy)
    await bus.start()
    for event_id in ("1", "2", "3"):
        await bus.publisher.publish(fact("asked", event_id))
        await observed.count(Outcome.DEAD, int(event_id))
    return bus, queue, choosy


async def event_ids(bus: Bus, queue: Queue) -> list[str]:
    return sorted(letter.received.event_id for letter in await bus.dead_letters(queue).oldest())


async def test_looking_loses_nothing(world: World, observed: Observed) -> None:
    bus, queue, _ = await three_set_aside(world, observed)
    for _ in range(25):  # RabbitMQ 4 would drop what was returned more than 20 times
        assert await event_ids(bus, queue) == ["1", "2", "3"]
    assert len(await bus.dead_letters(queue).oldest(2)) == 2


async def test_one_can_be_shown(world: World, observed: Observed) -> None:
    bus, queue, _ = await three_set_aside(world, observed)
    letters = bus.dead_letters(queue)
    for letter in await letters.oldest():
        assert await letters.show(letter.id) == letter
    assert await letters.show("unknown") is None


async def test_a_replayed_one_is_handled_as_if_it_had_never_failed(world: World, observed: Observed) -> None:
    bus, queue, choosy = await three_set_aside(world, observed)
    choosy.relents = True
    letters = bus.dead_letters(queue)
    chosen = next(letter for letter in await letters.oldest() if letter.received.event_id == "2")
    assert await letters.replay(chosen.id)
    await observed.count(Outcome.DONE)
    again = choosy.heard[-1]
    assert (again.event_id, again.failures, again.routing_key) == ("2", 0, "asked")
    assert again.headers == {"traceparent": "00-1"}
    assert await event_ids(bus, queue) == ["1", "3"]
    assert not await letters.replay(chosen.id)


async def test_a_dropped_one_is_gone(world: World, observed: Observed) -> None:
    bus, queue, choosy = await three_set_aside(world, observed)
    letters = bus.dead_letters(queue)
    chosen = next(letter for letter in await letters.oldest() if letter.received.event_id == "1")
    assert await letters.drop(chosen.id)
    assert not await letters.drop(chosen.id)
    assert await event_ids(bus, queue) == ["2", "3"]
    assert len(choosy.heard) == 3


async def test_a_queue_that_was_never_declared_has_none(world: World) -> None:
    bus = await world.bus()
    assert await bus.dead_letters(world.queue("asked")).oldest() == []
