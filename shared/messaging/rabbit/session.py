"""Everything that lives on one connection, from its opening to its end."""

import asyncio
from collections.abc import Sequence

from aio_pika.abc import AbstractConnection

from shared.messaging.consumer import Consumer
from shared.messaging.pause import either
from shared.messaging.rabbit.connection import CLOSING_SECONDS, closed
from shared.messaging.rabbit.subscription import Subscription
from shared.messaging.rabbit.watchdog import Watchdog
from shared.messaging.topology import Broadcast, Exchange


class Session:
    """One connection's subscriptions and their watchdog."""

    def __init__(self, connection: AbstractConnection, exchange: Exchange, consumers: Sequence[Consumer]) -> None:
        self._connection = connection
        self._subscriptions = [Subscription(connection, exchange, consumer) for consumer in consumers]
        self._watchdog = Watchdog(connection, self._subscriptions)
        self._consuming: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None] | None = None
        self.over = asyncio.Event()
        """Set once the connection is closed, or not worth keeping."""
        connection.close_callbacks.add(lambda *_: self.over.set())

    @property
    def healthy(self) -> bool:
        """Whether we consume everything, and the broker says so too."""
        consuming = all(subscription.consuming.is_set() for subscription in self._subscriptions)
        return consuming and self._watchdog.healthy and not self.over.is_set()

    async def open(self) -> None:
        """Return when everything is consumed, or ``over`` is set.

        Broadcasts are bound, and their gap is filled, before any shared queue is consumed.
        """
        for broadcasts in (True, False):
            begun = [s for s in self._subscriptions if isinstance(s.consumer.source, Broadcast) is broadcasts]
            self._consuming += [asyncio.create_task(subscription.run()) for subscription in begun]
            for subscription in begun:
                await either(subscription.consuming, self.over)
        self._watching = asyncio.create_task(self._watchdog.watch(self.over))

    async def cancel(self) -> None:
        """Take no more messages; what is already here is still worked on, and can be answered for."""
        for subscription in self._subscriptions:
            subscription.stop()
        if self._consuming:
            await asyncio.wait(self._consuming, timeout=CLOSING_SECONDS)

    async def close(self) -> None:
        """End it all; what was not answered for goes back to its queue."""
        self.over.set()
        tasks = [*self._consuming, *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await closed(self._connection)
