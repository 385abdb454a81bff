"""An integrator: somebody with a queue of their own on the exchange of facts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage


@dataclass(frozen=True, slots=True)
class HeardEvent:
    """One event as it came over the wire."""

    routing_key: str
    content_type: str
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event


@dataclass(slots=True)
class Integrator:
    """Everything that was said since it began to listen."""

    events: list[HeardEvent] = field(default_factory=list)

    def about(self, subject: str) -> list[HeardEvent]:
        """What was said of one job, offer or key, in the order in which it came."""
        return [event for event in self.events if event.json["subject"] == subject]

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        self.events.append(HeardEvent(message.routing_key or "", message.content_type or "", message.body))


@asynccontextmanager
async def listening(amqp_url: str) -> AsyncIterator[Integrator]:
    """Bind a queue to everything, with whatever client one likes."""
    integrator = Integrator()
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("media.events", "#")
        await queue.consume(integrator._hear, no_ack=True)
        yield integrator
