"""What is the same in every bus: a consumer for each subscription, and their end together."""

import asyncio
from datetime import timedelta

from shared.messaging.bus import HANDLER_DEADLINE, OnBound, Publisher
from shared.messaging.consumer import Consumer
from shared.messaging.handled import Observer
from shared.messaging.message import Handler
from shared.messaging.topology import Source


class Subscribing:
    """The half of a ``Bus`` that needs no broker."""

    def __init__(self, publisher: Publisher, observer: Observer) -> None:
        self._consumers: list[Consumer] = []
        self._passes_on = publisher
        self._observer = observer

    def subscribe(
        self,
        source: Source,
        handler: Handler,
        *,
        deadline: timedelta | None = HANDLER_DEADLINE,
        on_bound: OnBound | None = None,
    ) -> None:
        """Have ``handler`` called with every message of ``source``."""
        consumer = Consumer(
            source,
            handler,
            publisher=self._passes_on,
            observer=self._observer,
            deadline=deadline,
            on_bound=on_bound,
        )
        self._consumers.append(consumer)

    async def _finished(self, within: timedelta) -> None:
        """Return when every handler has ended, or was given up and its message handed back."""
        await asyncio.gather(*(consumer.stop(within) for consumer in self._consumers))
