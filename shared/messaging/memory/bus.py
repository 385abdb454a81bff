"""A process's line to a broker in memory; it keeps the suite that the line to RabbitMQ keeps."""

from datetime import timedelta

from shared.kernel.ids import new_id
from shared.messaging.failures import BrokerUnavailable, PublishFailed
from shared.messaging.handled import Observer, unobserved
from shared.messaging.memory.broker import MemoryBroker
from shared.messaging.memory.dead_letters import MemoryDeadLetters
from shared.messaging.memory.line import MemoryLine
from shared.messaging.message import Message
from shared.messaging.subscribing import Subscribing
from shared.messaging.topology import Broadcast, Declaration, Queue, Source


class MemoryPublisher:
    """Says messages to a ``MemoryBroker``."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def publish(self, *messages: Message, within: timedelta | None = None) -> None:
        """Say all that can be routed, then raise for the first that could not."""
        del within  # memory answers at once
        failures: list[PublishFailed] = []
        for message in messages:
            try:
                self._broker.publish(message)
            except PublishFailed as error:
                failures.append(error)
        if failures:
            raise failures[0]


class MemoryBus(Subscribing):
    """One process's line to a ``MemoryBroker``; ``Bus`` says what its methods promise."""

    def __init__(self, broker: MemoryBroker, *, observer: Observer = unobserved) -> None:
        self.publisher = MemoryPublisher(broker)
        super().__init__(self.publisher, observer)
        self.healthy = False
        self._broker = broker
        self._lines: list[MemoryLine] = []

    async def start(self) -> None:
        """Declare and bind everything, fill the gaps, and consume: broadcasts first."""
        self._consumers.sort(key=lambda consumer: isinstance(consumer.source, Queue))
        names = [self._declare(consumer.source) for consumer in self._consumers]
        for name, consumer in zip(names, self._consumers, strict=True):
            if not await consumer.bound():
                raise BrokerUnavailable(f"the state behind {consumer.source.name} could not be loaded")
            line = MemoryLine(self._broker, name, consumer)
            self._lines.append(line)
            self._broker.attach(name, line)
        self.healthy = True

    async def drain(self, within: timedelta) -> None:
        """Stop consuming, let handlers end, hand back the rest."""
        self.healthy = False
        for line in self._lines:
            self._broker.detach(line.name, line)
        await self._finished(within)

    async def stop(self, within: timedelta) -> None:
        """Drain, and be gone."""
        await self.drain(within)
        for line in self._lines:
            if isinstance(line.source, Broadcast):
                self._broker.delete(line.name)
        self._lines.clear()

    def dead_letters(self, queue: Queue) -> MemoryDeadLetters:
        """What was set aside from ``queue``."""
        return MemoryDeadLetters(self._broker, queue)

    def sever(self) -> None:
        """Lose the connection and find it again: what is held goes back, and comes again."""
        for line in self._lines:
            line.sever()

    def _declare(self, source: Source) -> str:
        if isinstance(source, Queue):
            for declaration in source.declarations():
                self._broker.declare(declaration)
            return source.name
        name = f"{source.name}-{new_id()}"
        self._broker.declare(Declaration(name, {"x-max-length": source.max_length}, source.keys))
        return name
