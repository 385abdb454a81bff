"""The topology, asked of the broker.  Asking again is free, and brings back what vanished."""

from collections.abc import Iterable
from dataclasses import dataclass

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue

from shared.messaging.rabbit.connection import answered
from shared.messaging.topology import Broadcast, Exchange, Queue, Source


@dataclass(frozen=True, slots=True)
class Depth:
    """A queue as the broker sees it: how many messages nobody holds, how many consumers it has."""

    messages: int
    consumers: int


async def declare(channel: AbstractChannel, exchange: Exchange, source: Source, name: str) -> dict[str, Depth]:
    """Have ``source``, called ``name`` at the broker, with all that belongs to it and its bindings.

    Returns the depth of each of its queues by name.  Raises ``BrokerUnavailable``.
    """
    await answered(channel.declare_exchange(exchange.name, ExchangeType.TOPIC, durable=True))
    if isinstance(source, Broadcast):
        return await _broadcast(channel, exchange, source, name)
    return await _queue(channel, exchange, source)


async def _queue(channel: AbstractChannel, exchange: Exchange, queue: Queue) -> dict[str, Depth]:
    depths: dict[str, Depth] = {}
    for wanted in queue.declarations():
        declared = await answered(channel.declare_queue(wanted.name, durable=True, arguments=dict(wanted.arguments)))
        await _bind(declared, exchange, wanted.keys)
        depths[wanted.name] = _depth(declared)
    return depths


async def _broadcast(channel: AbstractChannel, exchange: Exchange, source: Broadcast, name: str) -> dict[str, Depth]:
    declared = await answered(
        channel.declare_queue(name, exclusive=True, auto_delete=True, arguments={"x-max-length": source.max_length})
    )
    await _bind(declared, exchange, source.keys)
    return {name: _depth(declared)}


async def _bind(queue: AbstractQueue, exchange: Exchange, keys: Iterable[str]) -> None:
    for key in keys:
        await answered(queue.bind(exchange.name, routing_key=key))


def _depth(queue: AbstractQueue) -> Depth:
    found = queue.declaration_result
    return Depth(found.message_count or 0, found.consumer_count or 0)
