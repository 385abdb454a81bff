"""An orderly end: nothing new, what runs may finish, the rest goes back."""

import asyncio
from datetime import timedelta

from shared.messaging.handled import Outcome
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Observed
from tests.contract.messaging.worlds import World
from tests.kit.waiting import happens

AT_ONCE = timedelta(0)
LONG = timedelta(seconds=30)


async def test_a_running_handler_may_finish(world: World, observed: Observed) -> None:
    gate, told = Gate(says="told"), Listener()
    bus, other = await world.bus(observed), await world.bus()
    other.subscribe(world.queue("told"), told)
    bus.subscribe(world.queue("asked", prefetch=1), gate)
    await other.start()
    await bus.start()
    await bus.publisher.publish(fact("asked", "running"), fact("asked", "waiting"))
    await gate.entered.some()
    stopping = asyncio.create_task(bus.stop(LONG))
    await happens(lambda: not bus.healthy, within=15)
    assert not stopping.done()
    gate.open()
    await stopping
    assert observed.outcomes == [Outcome.DONE]
    await told.heard.some()


async def test_what_does_not_finish_in_time_goes_to_somebody_else(world: World, observed: Observed) -> None:
    queue = world.queue("asked")
    gate, somebody_else = Gate(), Listener()
    bus, other = await world.bus(observed), await world.bus()
    bus.subscribe(queue, gate)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await gate.entered.some()
    await bus.stop(AT_ONCE)
    assert observed.outcomes == [Outcome.HANDED_BACK]
    assert gate.inside == 0
    other.subscribe(queue, somebody_else)
    await other.start()
    await somebody_else.heard.some()
    assert somebody_else.heard[0].redelivered
    assert somebody_else.heard[0].failures == 0


async def test_a_lease_is_given_up_at_once(world: World, observed: Observed) -> None:
    queue = world.queue("lease", prefetch=100)
    gate, somebody_else = Gate(), Listener()
    bus, other = await world.bus(observed), await world.bus()
    bus.subscribe(queue, gate, deadline=None)
    await bus.start()
    await bus.publisher.publish(*[fact("lease", str(n)) for n in range(50)])
    await gate.entered.some(50)
    other.subscribe(queue, somebody_else, deadline=None)
    await other.start()
    async with asyncio.timeout(10):
        await bus.stop(LONG)
    await somebody_else.heard.some(50)
    assert observed.outcomes == [Outcome.HANDED_BACK] * 50


async def test_a_drained_bus_takes_nothing_more_and_says_what_others_of_its_process_still_have_to_say(
    world: World, observed: Observed
) -> None:
    deaf, somebody_else = Listener(), Listener()
    bus, other = await world.bus(observed), await world.bus()
    bus.subscribe(world.queue("asked"), deaf)
    other.subscribe(world.queue("told"), somebody_else)
    await other.start()
    await bus.start()
    await bus.drain(LONG)
    assert not bus.healthy
    await bus.publisher.publish(fact("asked"), fact("told"))
    await somebody_else.heard.some()
    assert deaf.heard == []
    await bus.stop(LONG)
    assert observed.outcomes == []


async def test_stopping_what_never_started_is_nothing(world: World) -> None:
    bus = await world.bus()
    bus.subscribe(world.queue("asked"), Listener())
    await bus.stop(LONG)
    assert not bus.healthy
