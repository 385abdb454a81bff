"""One delivery held in the hand, and a consumer to answer for it."""

from datetime import timedelta

from shared.messaging.bus import OnBound
from shared.messaging.consumer import Consumer
from shared.messaging.memory.broker import MemoryBroker
from shared.messaging.memory.bus import MemoryPublisher
from shared.messaging.message import Handler, Received
from shared.messaging.topology import Queue
from tests.contract.messaging.observed import Observed

QUEUE = Queue("asked", ("asked",))
AT_ONCE = timedelta(0)


class HeldMessage:
    """A delivery that remembers how it was answered for."""

    def __init__(self, copy: str = "copy-1", event_id: str = "event-1", failures: int = 0) -> None:
        self.copy = copy
        self.received = Received("asked", b"{}", event_id, failures=failures)
        self.gone = False
        self.answers: list[str] = []

    async def ack(self) -> None:
        self.answers.append("ack")

    async def hand_back(self) -> None:
        self.answers.append("hand back")


def declared(broker: MemoryBroker) -> MemoryBroker:
    for declaration in QUEUE.declarations():
        broker.declare(declaration)
    return broker


def consumer(
    handler: Handler,
    broker: MemoryBroker,
    observed: Observed,
    *,
    deadline: timedelta | None = None,
    on_bound: OnBound | None = None,
) -> Consumer:
    return Consumer(
        QUEUE,
        handler,
        publisher=MemoryPublisher(broker),
        observer=observed,
        deadline=deadline,
        on_bound=on_bound,
    )
