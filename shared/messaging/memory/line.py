"""One consumer's end of a queue in memory, and the messages it holds."""

from shared.messaging.consumer import Consumer
from shared.messaging.headers import arrived
from shared.messaging.memory.broker import MemoryBroker, Stored
from shared.messaging.message import Received
from shared.messaging.topology import Source


class MemoryLine:
    """What ``basic.consume`` opens at a real broker."""

    def __init__(self, broker: MemoryBroker, name: str, consumer: Consumer) -> None:
        self.name = name
        self._broker = broker
        self._consumer = consumer
        self._held: dict[MemoryDelivery, Stored] = {}

    @property
    def source(self) -> Source:
        """What is consumed here."""
        return self._consumer.source

    @property
    def has_room(self) -> bool:
        """Whether it holds less than its prefetch."""
        return len(self._held) < self.source.prefetch

    def take(self, stored: Stored) -> None:
        """Receive one message and hand it to the consumer."""
        delivery = MemoryDelivery(self, stored)
        self._held[delivery] = stored
        self._consumer.receive(delivery)

    def holds(self, delivery: "MemoryDelivery") -> bool:
        """Whether the message can still be answered for."""
        return delivery in self._held

    def release(self, delivery: "MemoryDelivery", *, back: bool) -> None:
        """Answer for a message; nothing happens when it is held no longer."""
        stored = self._held.pop(delivery, None)
        if stored is not None and back:
            self._broker.give_back(self.name, stored)
        self._broker.room(self.name)

    def sever(self) -> None:
        """Lose everything that is held, as a closed channel does."""
        lost, self._held = self._held, {}
        for stored in reversed(lost.values()):
            self._broker.give_back(self.name, stored)


class MemoryDelivery:
    """A message held by a line."""

    def __init__(self, line: MemoryLine, stored: Stored) -> None:
        self.copy = stored.copy
        self.received: Received = arrived(
            stored.headers,
            routing_key=stored.routing_key,
            body=stored.body,
            content_type=stored.content_type,
            redelivered=stored.returns > 0,
        )
        self._line = line

    @property
    def gone(self) -> bool:
        """Whether the line was severed, or the message answered for."""
        return not self._line.holds(self)

    async def ack(self) -> None:
        """Let the broker forget it."""
        self._line.release(self, back=False)

    async def hand_back(self) -> None:
        """Put it back into its queue."""
        self._line.release(self, back=True)
