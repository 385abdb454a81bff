"""What becomes of a message: one test for each line of the table."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.kernel.errors import DomainError, Transient, Unusable
from shared.messaging.bus import Bus
from shared.messaging.dead_letters import DeadLetter
from shared.messaging.handled import Outcome
from shared.messaging.message import Message, Received
from shared.messaging.topology import Broadcast, Queue
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Observed
from tests.contract.messaging.worlds import LONGER, SHORT, World


async def the_dead_letter(bus: Bus, queue: Queue) -> DeadLetter:
    letters = await bus.dead_letters(queue).oldest()
    assert len(letters) == 1
    return letters[0]


async def test_what_a_handler_returns_is_said(world: World, observed: Observed) -> None:
    told = Listener()
    bus = await world.bus(observed)
    bus.subscribe(world.queue("asked"), Listener(fact("told", "event-2"), fact("told", "event-3")))
    bus.subscribe(world.queue("told"), told)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await told.heard.some(2)
    assert {received.event_id for received in told.heard} == {"event-2", "event-3"}
    await observed.count(Outcome.DONE, 3)
    assert [handled.said for handled in observed.ended if handled.received.routing_key == "asked"] == [2]


async def test_a_transient_failure_climbs_the_ladder_and_then_is_set_aside(world: World, observed: Observed) -> None:
    queue = world.queue("asked")
    listener = Listener(fails=Transient("not ready"))
    bus = await world.bus(observed)
    bus.subscribe(queue, listener)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    for step, delay in enumerate(queue.ladder, start=1):
        await observed.count(Outcome.RETRIED, step)
        await world.pass_time(delay)
    await observed.count(Outcome.DEAD)
    assert [received.failures for received in listener.heard] == [0, 1, 2]
    assert {received.routing_key for received in listener.heard} == {"asked"}
    assert {received.event_id for received in listener.heard} == {"event-1"}
    letter = await the_dead_letter(bus, queue)
    assert (letter.reason, letter.error, letter.received.failures) == ("exhausted", "Transient", 3)


async def test_a_transient_failure_waits_at_least_as_long_as_it_asks(world: World, observed: Observed) -> None:
    queue = world.queue("asked")
    bus = await world.bus(observed)
    listener = Listener(fails=Transient("full", after=SHORT + timedelta(milliseconds=1)))
    bus.subscribe(queue, listener)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await observed.count(Outcome.RETRIED)
    await world.pass_time(LONGER)
    await observed.count(Outcome.RETRIED, 2)
    assert [handled.failures for handled in observed.ended] == [1, 2]


@pytest.mark.parametrize(
    ("error", "reason", "code"),
    [(DomainError("not_ours", "never"), "refused", "not_ours"), (Unusable("no json"), "unusable", "")],
)
async def test_what_no_repetition_can_mend_is_set_aside_at_once(
    world: World, observed: Observed, error: Exception, reason: str, code: str
) -> None:
    queue = world.queue("asked")
    bus = await world.bus(observed)
    bus.subscribe(queue, Listener(fails=error))
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    (handled,) = await observed.count(Outcome.DEAD)
    assert handled.error is error
    letter = await the_dead_letter(bus, queue)
    assert (letter.reason, letter.code, letter.error) == (reason, code, type(error).__name__)
    assert (letter.received.routing_key, letter.received.event_id) == ("asked", "event-1")
    assert (letter.received.body, letter.received.headers) == (b'{"a": 1}', {"traceparent": "00-1"})


async def test_a_bug_gets_the_short_ladder(world: World, observed: Observed) -> None:
    queue = world.queue("asked")
    bus = await world.bus(observed)
    bus.subscribe(queue, Listener(fails=KeyError("oops")))
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await observed.count(Outcome.RETRIED)
    await world.pass_time(SHORT)
    await observed.count(Outcome.DEAD)
    letter = await the_dead_letter(bus, queue)
    assert (letter.reason, letter.error, letter.received.failures) == ("bug", "KeyError", 2)


async def test_a_handler_that_overruns_its_deadline_is_tried_again(world: World, observed: Observed) -> None:
    gate = Gate()
    bus = await world.bus(observed)
    bus.subscribe(world.queue("asked"), gate, deadline=timedelta(milliseconds=50))
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    (handled,) = await observed.count(Outcome.RETRIED)
    assert type(handled.error).__name__ == "HandlerOverran"
    assert gate.inside == 0


async def test_a_handler_whose_words_reach_nobody_is_tried_again(world: World, observed: Observed) -> None:
    bus = await world.bus(observed)
    bus.subscribe(world.queue("asked"), Listener(fact("nobody")))
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    (handled,) = await observed.count(Outcome.RETRIED)
    assert type(handled.error).__name__ == "Unroutable"


async def test_a_broadcast_that_fails_is_dropped(world: World, observed: Observed) -> None:
    listener = Listener(fails=Transient("not ready"))
    bus = await world.bus(observed)
    bus.subscribe(Broadcast(("key.revoked",)), listener)
    await bus.start()
    await bus.publisher.publish(fact("key.revoked"))
    await observed.count(Outcome.DROPPED)
    assert len(listener.heard) == 1


async def test_a_message_that_is_never_answered_for_is_set_aside_at_its_delivery_limit(
    world: World, observed: Observed
) -> None:
    queue = world.queue("asked", delivery_limit=1)
    gate = Gate()
    bus = await world.bus(observed)
    bus.subscribe(queue, gate, deadline=None)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await gate.entered.some()
    await bus.stop(timedelta(0))
    again = await world.bus(observed)
    again.subscribe(queue, gate, deadline=None)
    await again.start()
    await gate.entered.some(2)
    await again.stop(timedelta(0))
    last = await world.bus()
    letter = await eventually_the_dead_letter(last, queue)
    assert letter.received.event_id == "event-1"
    assert letter.received.body == b'{"a": 1}'


async def eventually_the_dead_letter(bus: Bus, queue: Queue) -> DeadLetter:
    letters: Sequence[DeadLetter] = ()
    for _ in range(100):
        if letters := await bus.dead_letters(queue).oldest():
            break
    assert len(letters) == 1
    return letters[0]


async def test_headers_of_the_sender_survive_a_retry(world: World, observed: Observed) -> None:
    seen: list[Received] = []

    async def second_time_lucky(received: Received) -> Sequence[Message]:
        seen.append(received)
        if not received.failures:
            raise Transient("not ready")
        return ()

    bus = await world.bus(observed)
    bus.subscribe(world.queue("asked"), second_time_lucky)
    await bus.start()
    await bus.publisher.publish(fact("asked"))
    await observed.count(Outcome.RETRIED)
    await world.pass_time(SHORT)
    await observed.count(Outcome.DONE)
    assert [received.headers for received in seen] == [{"traceparent": "00-1"}] * 2
    assert [received.content_type for received in seen] == ["application/cloudevents+json"] * 2
