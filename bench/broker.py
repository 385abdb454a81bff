"""The broker of a run: what is on it, without asking any of our processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from deploy.local.services import SERVICES
from shared.contracts.addressed import queue_name
from shared.contracts.facts import EXCHANGE
from shared.messaging.topology import Queue

SINK: Final = "bench.sink"


@asynccontextmanager
async def open_channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    """A channel with confirms, on a connection of its own."""
    async with await aio_pika.connect(amqp_url) as connection:
        yield await connection.channel()


async def remove_queues(amqp_url: str) -> None:
    """Remove every queue that services declare, with what lies in it; a part finds nothing of the one before."""
    async with open_channel(amqp_url) as channel:
        for service in SERVICES:
            for declaration in Queue(queue_name(service), ()).declarations():
                await channel.queue_delete(declaration.name)
        await channel.queue_delete(SINK)


async def waiting_in(channel: AbstractChannel, queue: str) -> int:
    """How many messages lie in the queue and were given to nobody."""
    found = await channel.declare_queue(queue, passive=True)
    return found.declaration_result.message_count or 0


@asynccontextmanager
async def sink(amqp_url: str) -> AsyncIterator[None]:
    """A durable queue for everything that is said, so that facts whose hearers do not run have one hearer."""
    async with open_channel(amqp_url) as channel:
        queue = await channel.declare_queue(SINK, durable=True, arguments={"x-queue-type": "quorum"})
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        await queue.bind(exchange, "#")
        yield
        await queue.delete(if_unused=False, if_empty=False)


@asynccontextmanager
async def counted_facts(amqp_url: str) -> AsyncIterator[Counter[str]]:
    """What is said on the exchange meanwhile, by routing key."""
    said: Counter[str] = Counter()

    async def hear(message: AbstractIncomingMessage) -> None:
        said[message.routing_key or ""] += 1

    async with open_channel(amqp_url) as channel:
        queue = await channel.declare_queue(exclusive=True)
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        await queue.bind(exchange, "#")
        await queue.consume(hear, no_ack=True)
        yield said
