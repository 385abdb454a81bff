"""Believing the broker, not ourselves, about who consumes."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection

from shared.messaging.failures import BrokerUnavailable
from shared.messaging.pause import pause
from shared.messaging.rabbit.connection import open_channel
from shared.messaging.rabbit.subscription import Subscription

LOOK_EVERY_SECONDS: Final = 10.0
SHORT_FOR_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


class Watchdog:
    """Declares the topology again every 10 s, which brings back what vanished and tells who consumes."""

    def __init__(
        self,
        connection: AbstractConnection,
        subscriptions: Sequence[Subscription],
        *,
        look_every: float = LOOK_EVERY_SECONDS,
        short_for: float = SHORT_FOR_SECONDS,
    ) -> None:
        self.healthy = True
        self._connection = connection
        self._subscriptions = subscriptions
        self._look_every = look_every
        self._short_for = short_for
        self._channel: AbstractChannel | None = None

    async def watch(self, over: asyncio.Event) -> None:
        """Look until ``over`` is set, and set it when a consumer was missing at the broker for too long."""
        well_at = time.monotonic()
        while not over.is_set():
            self.healthy = await self._look()
            if self.healthy:
                well_at = time.monotonic()
            elif time.monotonic() - well_at >= self._short_for:
                log.error("consumers are missing at the broker", seconds=self._short_for)
                over.set()
            await pause(self._look_every, unless=over)

    async def _look(self) -> bool:
        try:
            if self._channel is None or self._channel.is_closed:
                self._channel = await open_channel(self._connection)
            consumers: dict[str, int] = {}
            for subscription in self._subscriptions:
                consumers |= await subscription.declare(self._channel)
        except BrokerUnavailable as error:
            log.warning("the topology could not be looked at", reason=str(error))
            return False
        return all(consumers[subscription.queue] for subscription in self._subscriptions)
