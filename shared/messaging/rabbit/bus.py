"""A process's line to RabbitMQ."""

import asyncio
import random
from datetime import timedelta
from typing import Final

import structlog

from shared.kernel.backoff import exponential, jittered
from shared.messaging.failures import BrokerUnavailable
from shared.messaging.handled import Observer, unobserved
from shared.messaging.pause import pause
from shared.messaging.rabbit.connection import connect
from shared.messaging.rabbit.dead_letters import RabbitDeadLetters
from shared.messaging.rabbit.publisher import RabbitPublisher
from shared.messaging.rabbit.session import Session
from shared.messaging.subscribing import Subscribing
from shared.messaging.topology import Exchange, Queue

_FIRST_PAUSE: Final = timedelta(seconds=1)
_LONGEST_PAUSE: Final = timedelta(seconds=8)
_SPREAD: Final = 0.5

log = structlog.get_logger(__name__)


class RabbitBus(Subscribing):
    """``Bus`` over RabbitMQ: one connection at a time, made anew whenever it is lost.

    Consuming again within 15 s of a broker's restart, and within 30 s of a queue's disappearance.
    ``name`` is how the broker lists the connection.
    """

    def __init__(self, url: str, exchange: Exchange, *, name: str = "", observer: Observer = unobserved) -> None:
        self.publisher = RabbitPublisher(exchange)
        super().__init__(self.publisher, observer)
        self._url = url
        self._exchange = exchange
        self._name = name
        self._session: Session | None = None
        self._stopping = asyncio.Event()
        self._ready = asyncio.Event()
        self._living: asyncio.Task[None] | None = None

    @property
    def healthy(self) -> bool:
        """Whether everything is consumed, by our account and by the broker's."""
        return self._session is not None and self._session.healthy and not self._stopping.is_set()

    async def start(self) -> None:
        """Return when everything is declared and consumed, however long the broker takes to appear."""
        self._living = asyncio.create_task(self._live())
        self._living.add_done_callback(self._ended)
        await self._ready.wait()
        if self._living.done() and not self._living.cancelled():
            self._living.result()  # raises what ended it

    async def drain(self, within: timedelta) -> None:
        """Take no new work, let running handlers end, hand back the rest; the connection stays."""
        self._stopping.set()
        if self._session is not None:
            await self._session.cancel()
        await self._finished(within)

    async def stop(self, within: timedelta) -> None:
        """Drain, and close the connection."""
        await self.drain(within)
        if self._living is not None:
            self._living.cancel()
            await asyncio.wait({self._living})

    def dead_letters(self, queue: Queue) -> RabbitDeadLetters:
        """What was set aside from ``queue``."""
        return RabbitDeadLetters(self._url, self._exchange, queue)

    async def _live(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                lived = await self._one_connection()
            except BrokerUnavailable as error:
                log.warning("no connection to the broker", reason=str(error))
                lived = False
            failures = 0 if lived else failures + 1
            wait = jittered(exponential(_FIRST_PAUSE, failures, _LONGEST_PAUSE), _SPREAD, random.random)
            await pause(wait.total_seconds(), unless=self._stopping)

    def _ended(self, living: asyncio.Task[None]) -> None:
        self._ready.set()
        if not living.cancelled() and (error := living.exception()) is not None:
            log.error("the line to the broker is lost for good", exc_info=error)

    async def _one_connection(self) -> bool:
        """Live on one connection until it ends; whether it ever worked."""
        connection = await connect(self._url, self._name)
        session = self._session = Session(connection, self._exchange, self._consumers)
        self.publisher.attach(connection)
        try:
            await session.open()
            worked = not session.over.is_set()
            if worked:
                self._ready.set()
                log.info("consuming", queues=[consumer.source.name for consumer in self._consumers])
            await session.over.wait()
            return worked
        finally:
            self.publisher.detach()
            self._session = None
            await session.close()
