"""Ears and a mouth on the broker: what anybody says is heard, and facts can be said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from shared.contracts.envelope import disclose
from shared.contracts.event import Event
from shared.contracts.facts import EXCHANGE
from shared.messaging.message import Message, Received
from shared.messaging.rabbit.bus import RabbitBus
from shared.messaging.topology import Broadcast, Exchange
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock


@dataclass(frozen=True)
class Ears:
    """What was heard so far, in order, and who says what this test has to say."""

    announcer: Announcer
    heard: list[Event] = field(default_factory=list)

    async def say(self, *facts: Event) -> None:
        """Say these in this order."""
        await self.announcer.say(*facts)

    async def hear(self, received: Received) -> list[Message]:
        """Keep what anybody says."""
        self.heard.append(disclose(received.body).event)
        return []


@asynccontextmanager
async def listening(rabbitmq_url: str, *topics: str) -> AsyncIterator[Ears]:
    """Hear every fact of these topics until the block ends."""
    bus = RabbitBus(rabbitmq_url, Exchange(EXCHANGE))
    ears = Ears(Announcer(bus.publisher, SystemClock()))
    bus.subscribe(Broadcast(topics), ears.hear)
    await bus.start()
    try:
        yield ears
    finally:
        await bus.stop(timedelta(seconds=5))
