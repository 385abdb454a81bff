"""The broker in memory where it is asked for more than the shared suite asks of RabbitMQ."""

from datetime import timedelta

import pytest

from shared.messaging.failures import Refused
from shared.messaging.memory.broker import MemoryBroker
from shared.messaging.topology import Queue
from tests.contract.messaging.handlers import fact
from tests.kit.clocks import HeldClock
from tests.kit.waiting import happens


async def test_a_full_queue_refuses() -> None:
    broker = MemoryBroker(HeldClock())
    broker.declare(Queue("small", ("#",), max_length=1).declarations()[-1])
    broker.publish(fact("first"))
    with pytest.raises(Refused):
        broker.publish(fact("second"))


async def test_what_waits_comes_back_no_earlier_than_its_delay() -> None:
    clock, queue = HeldClock(), Queue("q", ())
    broker = MemoryBroker(clock)
    for declaration in queue.declarations():
        broker.declare(declaration)
    broker.publish(fact("key", "long", queue="q.retry.5s"))
    broker.publish(fact("key", "short", queue="q.retry.1s"))
    await happens(lambda: clock.sleepers == 2)
    clock.move(timedelta(seconds=1))
    await happens(lambda: len(broker.ready("q")) == 1)
    assert len(broker.ready("q.retry.5s")) == 1
    clock.move(timedelta(seconds=4))
    await happens(lambda: len(broker.ready("q")) == 2)
    assert [stored.headers["event-id"] for stored in broker.ready("q")] == ["short", "long"]
