"""One consumer's channel: bound, consumed, and opened again when it closes alone."""

import asyncio
from typing import Final

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from shared.kernel.ids import new_id
from shared.messaging.consumer import Consumer
from shared.messaging.failures import BrokerUnavailable
from shared.messaging.pause import either, pause
from shared.messaging.rabbit.connection import CLOSING_SECONDS, answered, closed, open_channel
from shared.messaging.rabbit.declarations import declare
from shared.messaging.rabbit.delivery import RabbitDelivery
from shared.messaging.topology import Broadcast, Exchange

_PAUSE_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class Subscription:
    """One source, consumed over one connection for as long as that lasts."""

    def __init__(self, connection: AbstractConnection, exchange: Exchange, consumer: Consumer) -> None:
        self.consumer = consumer
        self.consuming = asyncio.Event()
        source = consumer.source
        self.queue = f"{source.name}.{new_id()}" if isinstance(source, Broadcast) else source.name
        self._connection = connection
        self._exchange = exchange
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Consume until ``stop``; a channel that closes, and a queue that vanishes, is replaced."""
        while not self._stopping.is_set():
            try:
                await self._consume()
            except BrokerUnavailable as error:
                log.warning("not consuming", queue=self.queue, reason=str(error))
            self.consuming.clear()
            await pause(_PAUSE_SECONDS, unless=self._stopping)

    def stop(self) -> None:
        """Have ``run`` take no more messages and return; those already here can still be answered for."""
        self._stopping.set()

    async def declare(self, channel: AbstractChannel) -> dict[str, int]:
        """Have what is consumed here, with its bindings, and return who else the broker knows to consume it."""
        return await declare(channel, self._exchange, self.consumer.source, self.queue)

    async def _consume(self) -> None:
        declaring = await open_channel(self._connection)
        await self.declare(declaring)
        await closed(declaring)
        if not await self.consumer.bound():
            raise BrokerUnavailable("the state behind the queue could not be loaded")
        # A channel of its own, which stays open when its consumer ends: messages may wait for their answer on it.
        channel = await open_channel(self._connection)
        ended = await _watch(channel)
        await answered(channel.set_qos(prefetch_count=self.consumer.source.prefetch))
        if not self._stopping.is_set():
            await self._receive(channel, ended)

    async def _receive(self, channel: AbstractChannel, ended: asyncio.Event) -> None:
        async def receive(message: AbstractIncomingMessage) -> None:
            self.consumer.receive(RabbitDelivery(message, channel))

        queue = await channel.get_queue(self.queue, ensure=False)
        tag = await answered(queue.consume(receive))
        self.consuming.set()
        await either(ended, self._stopping)
        if not ended.is_set():
            await answered(queue.cancel(tag), within=CLOSING_SECONDS)


async def _watch(channel: AbstractChannel) -> asyncio.Event:
    """An event that is set once the channel closed or the broker cancelled its consumer."""
    ended = asyncio.Event()
    channel.close_callbacks.add(lambda *_: ended.set())
    beneath = await channel.get_underlay_channel()
    beneath.on_consumer_cancel_callbacks.add(lambda _: ended.set())
    return ended
