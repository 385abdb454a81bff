"""Saying messages to RabbitMQ: confirmed, persistent, and within one deadline."""

import asyncio
from datetime import timedelta
from typing import Final

from aio_pika import DeliveryMode
from aio_pika import Message as AmqpMessage
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from aio_pika.exceptions import DeliveryError, PublishError
from pamqp.commands import Basic

from shared.kernel.ids import new_id
from shared.messaging.cancellation import cancelled_from_outside
from shared.messaging.failures import BrokerUnavailable, PublishFailed, Refused, Unconfirmed, Unroutable
from shared.messaging.headers import travelling
from shared.messaging.message import Message
from shared.messaging.rabbit.connection import BROKER_ERRORS, closed, open_channel
from shared.messaging.topology import Exchange

DEADLINE: Final = timedelta(seconds=10)
_UNCONFIRMED_AT_ONCE: Final = 256


class _Pipe:
    """One channel, closed when it was given up and nobody waits on it any more."""

    def __init__(self, channel: AbstractChannel, exchange: AbstractExchange) -> None:
        self.channel = channel
        self.exchange = exchange
        self.straight = channel.default_exchange
        self.waiting = 0
        self.given_up = False

    @property
    def done_with(self) -> bool:
        return self.given_up and not self.waiting and not self.channel.is_closed


class RabbitPublisher:
    """Publishes on a channel of its own, over whichever connection is there."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._connection: AbstractConnection | None = None
        self._connected = asyncio.Event()
        self._pipe: _Pipe | None = None
        self._opening = asyncio.Lock()
        self._room = asyncio.Semaphore(_UNCONFIRMED_AT_ONCE)
        self._closing: set[asyncio.Task[None]] = set()

    def attach(self, connection: AbstractConnection) -> None:
        """Publish over ``connection`` from now on."""
        self._connection = connection
        self._connected.set()

    def detach(self) -> None:
        """Have no connection; who publishes meanwhile waits for the next, up to its deadline."""
        self._connection = self._pipe = None
        self._connected.clear()

    async def publish(self, *messages: Message, within: timedelta | None = None) -> None:
        """Return when the broker has taken over all of ``messages``; see ``Publisher``."""
        seconds = (within or DEADLINE).total_seconds()
        try:
            async with asyncio.timeout(seconds):
                results = await asyncio.gather(*map(self._one, messages), return_exceptions=True)
        except TimeoutError as error:
            raise Unconfirmed(f"not confirmed within {seconds:g} s") from error
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _one(self, message: Message) -> None:
        async with self._room:
            pipe = await self._open()
            pipe.waiting += 1
            try:
                await self._confirmed(pipe, message)
            except (asyncio.CancelledError, Unconfirmed):
                self._give_up(pipe)
                raise
            finally:
                pipe.waiting -= 1
                self._close(pipe)

    async def _confirmed(self, pipe: _Pipe, message: Message) -> None:
        target = pipe.straight if message.queue else pipe.exchange
        mandatory = message.mandatory or message.queue is not None
        try:
            answer = await target.publish(_amqp(message), message.queue or message.routing_key, mandatory=mandatory)
        except PublishError as error:
            raise Unroutable(f"no queue is bound for {message.queue or message.routing_key}") from error
        except DeliveryError as error:
            raise Refused(f"the broker refused {message.routing_key}") from error
        except BROKER_ERRORS as error:
            raise Unconfirmed(f"not confirmed: {type(error).__name__}") from error
        except asyncio.CancelledError as error:
            if cancelled_from_outside():
                raise
            raise Unconfirmed("not confirmed: the channel closed") from error
        if not isinstance(answer, Basic.Ack):
            raise PublishFailed(f"the broker answered with {type(answer).__name__}")

    async def _open(self) -> _Pipe:
        async with self._opening:
            while self._pipe is None or self._pipe.channel.is_closed:
                await self._connected.wait()
                if self._connection is not None:
                    self._pipe = await self._new_pipe(self._connection)
            return self._pipe

    async def _new_pipe(self, connection: AbstractConnection) -> _Pipe:
        try:
            channel = await open_channel(connection, confirms=True)
            return _Pipe(channel, await channel.get_exchange(self._exchange.name, ensure=False))
        except BrokerUnavailable as error:
            raise Unconfirmed("no channel to publish on") from error

    def _give_up(self, pipe: _Pipe) -> None:
        # After a timeout the client's count of confirms may no longer be the broker's.
        pipe.given_up = True
        if self._pipe is pipe:
            self._pipe = None

    def _close(self, pipe: _Pipe) -> None:
        if pipe.done_with:
            closing = asyncio.create_task(closed(pipe.channel))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


def _amqp(message: Message) -> AmqpMessage:
    # A message id of its own for every publish: returns are matched by it, and the event's may be under way twice.
    return AmqpMessage(
        message.body,
        message_id=new_id(),
        content_type=message.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        headers=dict(travelling(message)),
    )
