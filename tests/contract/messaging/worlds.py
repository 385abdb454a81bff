"""The worlds that the suite runs in: a broker in memory, and a real one behind a wire that can be cut."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Protocol

import aio_pika
from yarl import URL

from shared.messaging.bus import Bus
from shared.messaging.handled import Observer, unobserved
from shared.messaging.memory import MemoryBroker, MemoryBus
from shared.messaging.rabbit import RabbitBus
from shared.messaging.topology import Exchange, Queue
from tests.contract.messaging.tcp_proxy import TcpProxy
from tests.kit.clocks import HeldClock

SHORT = timedelta(milliseconds=100)
LONGER = timedelta(milliseconds=300)


class World(Protocol):
    """A broker, and as many processes on it as a test likes."""

    async def bus(self, observer: Observer = unobserved) -> Bus:
        """One more process, stopped with the test if it is not before."""
        ...

    def queue(self, *keys: str, prefetch: int = 20, delivery_limit: int = 10, max_length: int = 10_000) -> Queue:
        """One more queue, with a ladder of two short delays and a short ladder of one."""
        ...

    async def sever(self, bus: Bus) -> None:
        """Break a process's connection, without a word."""
        ...

    async def pass_time(self, by: timedelta) -> None:
        """Let that time pass at the broker."""
        ...


class _Queues:
    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self.made: list[Queue] = []

    def queue(self, *keys: str, prefetch: int = 20, delivery_limit: int = 10, max_length: int = 10_000) -> Queue:
        name = f"{self._namespace}.q{len(self.made)}"
        queue = Queue(
            name,
            keys,
            prefetch=prefetch,
            delivery_limit=delivery_limit,
            max_length=max_length,
            ladder=(SHORT, LONGER),
            short_ladder=(SHORT,),
        )
        self.made.append(queue)
        return queue


class MemoryWorld(_Queues):
    """A broker in memory, by a clock that a test moves."""

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self._clock = HeldClock()
        self._broker = MemoryBroker(self._clock)
        self._buses: list[MemoryBus] = []

    async def bus(self, observer: Observer = unobserved) -> Bus:
        bus = MemoryBus(self._broker, observer=observer)
        self._buses.append(bus)
        return bus

    async def sever(self, bus: Bus) -> None:
        assert isinstance(bus, MemoryBus)
        bus.sever()

    async def pass_time(self, by: timedelta) -> None:
        self._clock.move(by)

    async def end(self) -> None:
        for bus in self._buses:
            await bus.stop(timedelta(0))


class RabbitWorld(_Queues):
    """RabbitMQ, each process connected by a wire of its own; time passes there by itself."""

    def __init__(self, namespace: str, url: str, stack: AsyncExitStack) -> None:
        super().__init__(namespace)
        self.exchange = Exchange(f"{namespace}.events")
        self._url = URL(url)
        self._stack = stack
        self._wires: dict[Bus, TcpProxy] = {}

    async def bus(self, observer: Observer = unobserved) -> Bus:
        wire = await self._stack.enter_async_context(TcpProxy(str(self._url.host), self._url.port or 5672).listening())
        bus = RabbitBus(str(self._url.with_port(wire.port)), self.exchange, name="contract", observer=observer)
        self._wires[bus] = wire
        self._stack.push_async_callback(bus.stop, timedelta(0))
        return bus

    async def sever(self, bus: Bus) -> None:
        self._wires[bus].cut()

    async def pass_time(self, by: timedelta) -> None:
        del by

    async def sweep(self) -> None:
        """Take everything of this world off the broker."""
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel()
            for queue in self.made:
                for declaration in queue.declarations():
                    await channel.queue_delete(declaration.name)
            await channel.exchange_delete(self.exchange.name)


@asynccontextmanager
async def memory_world(namespace: str) -> AsyncIterator[World]:
    """A fresh broker in memory."""
    world = MemoryWorld(namespace)
    yield world
    await world.end()


@asynccontextmanager
async def rabbit_world(namespace: str, url: str) -> AsyncIterator[World]:
    """A corner of a real broker, swept afterwards."""
    async with AsyncExitStack() as stack:
        world = RabbitWorld(namespace, url, stack)
        stack.push_async_callback(world.sweep)
        yield world
