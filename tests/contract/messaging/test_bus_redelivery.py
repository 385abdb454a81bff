"""At least once, and never twice at a time."""

from collections.abc import Sequence
from datetime import timedelta

from shared.messaging.handled import Outcome
from shared.messaging.message import Message, Received
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Heard, Observed
from tests.contract.messaging.worlds import World


async def test_an_effect_that_outlives_its_connection_runs_once_and_is_answered_for(
    world: World, observed: Observed
) -> None:
    gate, told, left_over = Gate(says="told"), Listener(), Listener()
    queue = world.queue("asked")
    bus, other = await world.bus(observed), await world.bus()
    bus.subscribe(queue, gate)
    other.subscribe(world.queue("told"), told)
    await other.start()
    await bus.start()
    await bus.publisher.publish(fact("asked", "first"))
    await gate.entered.some()
    await world.sever(bus)
    await other.publisher.publish(fact("asked", "behind it"))
    await gate.entered.some(2)  # so the first one was redelivered before
    gate.open()
    await told.heard.some(2)
    await observed.count(Outcome.DONE, 2)
    await bus.stop(timedelta(seconds=5))
    assert [received.event_id for received in gate.entered] == ["first", "behind it"]
    assert sorted(received.event_id for received in told.heard) == ["behind it was held", "first was held"]
    after = await world.bus()
    after.subscribe(queue, left_over)
    await after.start()
    await after.publisher.publish(fact("asked", "last"))
    await left_over.heard.some()
    assert [received.event_id for received in left_over.heard] == ["last"]


async def test_an_effect_that_ends_while_the_connection_is_lost_is_not_lost(world: World, observed: Observed) -> None:
    gate, told = Gate(says="told"), Listener()
    bus, other = await world.bus(observed), await world.bus()
    other.subscribe(world.queue("told"), told)
    bus.subscribe(world.queue("asked"), gate)
    await other.start()
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await gate.entered.some()
    await world.sever(bus)
    gate.open()
    await told.heard.some()
    await observed.count(Outcome.DONE)
    assert {received.event_id for received in told.heard} == {"event-1 was held"}


async def test_two_copies_of_one_event_are_worked_on_one_after_the_other(world: World, observed: Observed) -> None:
    gate = Gate()
    bus = await world.bus(observed)
    bus.subscribe(world.queue("asked"), gate)
    await bus.start()
    await bus.publisher.publish(fact("asked", "same"), fact("asked", "same"), fact("asked", "other"))
    await gate.entered.some(2)
    assert sorted(received.event_id for received in gate.entered) == ["other", "same"]
    gate.open()
    await observed.count(Outcome.DONE, 3)
    assert [received.event_id for received in gate.entered].count("same") == 2
    assert gate.most_inside == 2


async def test_a_lease_is_renewed_by_saying_it_to_its_own_queue(world: World, observed: Observed) -> None:
    queue = world.queue("lease")
    held: Heard[Received] = Heard()

    async def hold_and_renew_twice(received: Received) -> Sequence[Message]:
        held.append(received)
        return [fact("lease", received.event_id, queue=queue.name)] if len(held) < 3 else []

    bus = await world.bus(observed)
    bus.subscribe(queue, hold_and_renew_twice, deadline=None)
    await bus.start()
    await bus.publisher.publish(fact("lease"))
    await observed.count(Outcome.DONE, 3)
    assert [(received.event_id, received.failures) for received in held] == [("event-1", 0)] * 3
    assert [handled.said for handled in observed.ended] == [1, 1, 0]


async def test_no_more_than_the_prefetch_is_worked_on_at_once(world: World, observed: Observed) -> None:
    gate = Gate()
    bus = await world.bus(observed)
    bus.subscribe(world.queue("asked", prefetch=3), gate)
    await bus.start()
    await bus.publisher.publish(*[fact("asked", str(n)) for n in range(10)])
    await gate.entered.some(3)
    gate.open()
    await observed.count(Outcome.DONE, 10)
    assert gate.most_inside == 3
