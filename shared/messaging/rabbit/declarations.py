"""The topology, asked of the broker.  Asking again is free, and brings back what vanished."""

from collections.abc import Iterable

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue

from shared.messaging.rabbit.connection import answered
from shared.messaging.topology import Broadcast, Exchange, Queue, Source


async def declare(channel: AbstractChannel, exchange: Exchange, source: Source, name: str) -> dict[str, int]:
    """Have ``source``, called ``name`` at the broker, with all that belongs to it and its bindings.

    Returns how many consumers each of its queues has, by name.  Raises ``BrokerUnavailable``.
    """
    await answered(channel.declare_exchange(exchange.name, ExchangeType.TOPIC, durable=True))
    if isinstance(source, Broadcast):
        return await _broadcast(channel, exchange, source, name)
    return await _queue(channel, exchange, source)


async def _queue(channel: AbstractChannel, exchange: Exchange, queue: Queue) -> dict[str, int]:
    consumers: dict[str, int] = {}
    for wanted in queue.declarations():
        declared = await answered(channel.declare_queue(wanted.name, durable=True, arguments=dict(wanted.arguments)))
        await _bind(declared, exchange, wanted.keys)
        consumers[wanted.name] = _consumers(declared)
    return consumers


async def _broadcast(channel: AbstractChannel, exchange: Exchange, source: Broadcast, name: str) -> dict[str, int]:
    declared = await answered(
        channel.declare_queue(name, exclusive=True, auto_delete=True, arguments={"x-max-length": source.max_length})
    )
    await _bind(declared, exchange, source.keys)
    return {name: _consumers(declared)}


async def _bind(queue: AbstractQueue, exchange: Exchange, keys: Iterable[str]) -> None:
    for key in keys:
        await answered(queue.bind(exchange.name, routing_key=key))


def _consumers(queue: AbstractQueue) -> int:
    return queue.declaration_result.consumer_count or 0
