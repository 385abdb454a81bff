"""Every message is answered for exactly once, whatever happens around it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.kernel.errors import DomainError, Transient, Unusable
from shared.messaging.consumer import Consumer
from shared.messaging.handled import Handled, Outcome
from shared.messaging.memory.broker import MemoryBroker
from shared.messaging.memory.bus import MemoryPublisher
from shared.messaging.message import Message, Received
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Observed
from tests.kit.waiting import happens
from tests.unit.shared.messaging.held import AT_ONCE, QUEUE, HeldMessage, consumer, declared


@pytest.mark.parametrize(
    ("error", "outcome", "lies_in"),
    [
        (None, Outcome.DONE, None),
        (Transient("later"), Outcome.RETRIED, "asked.retry.1s"),
        (Transient("full", after=timedelta(seconds=20)), Outcome.RETRIED, "asked.retry.30s"),
        (KeyError("bug"), Outcome.RETRIED, "asked.retry.1s"),
        (asyncio.CancelledError(), Outcome.RETRIED, "asked.retry.1s"),
        (DomainError("no", "never"), Outcome.DEAD, "asked.dead"),
        (Unusable("not ours"), Outcome.DEAD, "asked.dead"),
    ],
    ids=repr,
)
async def test_a_message_is_acked_once_it_is_done_or_lies_elsewhere(
    broker: MemoryBroker, observed: Observed, error: BaseException | None, outcome: Outcome, lies_in: str | None
) -> None:
    message = HeldMessage()
    consumer(Listener(fails=error), declared(broker), observed).receive(message)
    await observed.count(outcome)
    assert message.answers == ["ack"]
    found = [each.name for each in QUEUE.declarations() if broker.ready(each.name)]
    assert found == ([lies_in] if lies_in else [])


async def test_a_message_that_cannot_be_passed_on_goes_back(broker: MemoryBroker, observed: Observed) -> None:
    message, listener = HeldMessage(), Listener(fails=Transient("later"))
    consuming = consumer(listener, broker, observed, deadline=timedelta(minutes=1))  # no queue was declared
    consuming.receive(message)
    await listener.heard.some()
    await consuming.stop(timedelta(minutes=1))  # which also ends the breath it takes before
    await observed.count(Outcome.HANDED_BACK)
    assert message.answers == ["hand back"]


async def test_what_it_says_is_said_before_it_is_acked(broker: MemoryBroker, observed: Observed) -> None:
    message = HeldMessage()
    acked_too_early: list[bool] = []

    class Publisher(MemoryPublisher):
        async def publish(self, *messages: Message, within: timedelta | None = None) -> None:
            acked_too_early.append(bool(message.answers))
            await super().publish(*messages, within=within)

    Consumer(
        QUEUE,
        Listener(fact("told", mandatory=False)),
        publisher=Publisher(broker),
        observer=observed,
        deadline=None,
        on_bound=None,
    ).receive(message)
    await observed.count(Outcome.DONE)
    assert acked_too_early == [False]
    assert message.answers == ["ack"]


async def test_a_redelivery_is_answered_for_in_place_of_the_lost_one(broker: MemoryBroker, observed: Observed) -> None:
    gate, lost, again = Gate(), HeldMessage(), HeldMessage()
    consuming = consumer(gate, broker, observed)
    consuming.receive(lost)
    await gate.entered.some()
    lost.gone = True
    consuming.receive(again)
    gate.open()
    await observed.count(Outcome.DONE)
    assert (lost.answers, again.answers) == ([], ["ack"])
    assert len(gate.entered) == 1


async def test_what_came_of_a_lost_message_is_said_because_its_queue_may_be_lost_too(
    broker: MemoryBroker, observed: Observed
) -> None:
    gate, lost = Gate(says="asked"), HeldMessage()
    consuming = consumer(gate, declared(broker), observed)
    consuming.receive(lost)
    await gate.entered.some()
    lost.gone = True
    gate.open()
    (ended,) = await observed.count(Outcome.GONE)
    assert (lost.answers, ended.said) == ([], 1)


async def test_a_lost_lease_is_not_renewed(broker: MemoryBroker, observed: Observed) -> None:
    lost = HeldMessage()

    async def renew(received: Received) -> Sequence[Message]:
        lost.gone = True
        return [fact("asked", received.event_id, queue=QUEUE.name)]

    consumer(renew, declared(broker), observed).receive(lost)
    (ended,) = await observed.count(Outcome.GONE)
    assert (lost.answers, ended.said) == ([], 0)


async def test_a_lease_that_comes_back_while_its_news_is_told_is_renewed(
    broker: MemoryBroker, observed: Observed
) -> None:
    lost, again = HeldMessage(), HeldMessage()

    class Interrupted(MemoryPublisher):
        """The lost message is delivered anew in the middle of the first publish."""

        async def publish(self, *messages: Message, within: timedelta | None = None) -> None:
            if not redelivered.is_set():
                redelivered.set()
                consuming.receive(again)
            await super().publish(*messages, within=within)

    redelivered = asyncio.Event()

    async def renew(received: Received) -> Sequence[Message]:
        lost.gone = True
        return [fact("asked", "news"), fact("asked", received.event_id, queue=QUEUE.name)]

    consuming = Consumer(
        QUEUE, renew, publisher=Interrupted(declared(broker)), observer=observed, deadline=None, on_bound=None
    )
    consuming.receive(lost)
    (ended,) = await observed.count(Outcome.DONE)
    assert (lost.answers, again.answers, ended.said) == ([], ["ack"], 2)


async def test_a_redelivery_after_the_end_is_work_again(broker: MemoryBroker, observed: Observed) -> None:
    listener = Listener()
    consuming = consumer(listener, broker, observed)
    for times in (1, 2):
        consuming.receive(HeldMessage())
        await observed.count(Outcome.DONE, times)
    assert len(listener.heard) == 2


async def test_stopping_answers_for_everything(broker: MemoryBroker, observed: Observed) -> None:
    gate = Gate()
    consuming = consumer(gate, broker, observed)
    running, behind_it, later = HeldMessage("1"), HeldMessage("2"), HeldMessage("3", "event-2")
    consuming.receive(running)
    consuming.receive(behind_it)
    await gate.entered.some()
    await consuming.stop(AT_ONCE)
    consuming.receive(later)
    await observed.count(Outcome.HANDED_BACK, 3)
    assert [message.answers for message in (running, behind_it, later)] == [["hand back"]] * 3
    assert len(gate.entered) == 1


async def test_a_handler_that_ends_well_although_it_was_stopped_is_believed(
    broker: MemoryBroker, observed: Observed
) -> None:
    entered = asyncio.Event()

    async def saves_what_it_did(_: Received) -> Sequence[Message]:
        entered.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return ()
        return ()

    message = HeldMessage()
    consuming = consumer(saves_what_it_did, broker, observed)
    consuming.receive(message)
    await entered.wait()
    await consuming.stop(AT_ONCE)
    assert message.answers == ["ack"]


async def test_a_timeout_of_the_handlers_own_is_a_bug_and_not_its_deadline(
    broker: MemoryBroker, observed: Observed
) -> None:
    message = HeldMessage()
    consuming = consumer(Listener(fails=TimeoutError()), declared(broker), observed, deadline=timedelta(minutes=1))
    consuming.receive(message)
    (handled,) = await observed.count(Outcome.RETRIED)
    assert isinstance(handled.error, TimeoutError)


async def test_an_observer_that_fails_costs_nothing(broker: MemoryBroker) -> None:
    def fail(_: Handled) -> None:
        raise ValueError("no room for a log line")

    message = HeldMessage()
    consuming = Consumer(
        QUEUE, Listener(), publisher=MemoryPublisher(broker), observer=fail, deadline=None, on_bound=None
    )
    consuming.receive(message)
    await happens(lambda: message.answers == ["ack"])
    await consuming.stop(AT_ONCE)


async def test_state_that_cannot_be_loaded_is_reported_and_not_raised(broker: MemoryBroker, observed: Observed) -> None:
    async def load() -> None:
        raise OSError("the database is away")

    assert not await consumer(Listener(), broker, observed, on_bound=load).bound()
    assert await consumer(Listener(), broker, observed).bound()
