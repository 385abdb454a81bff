"""A message from RabbitMQ, not yet answered for."""

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.messaging.headers import arrived
from shared.messaging.message import Received
from shared.messaging.rabbit.connection import BROKER_ERRORS


class RabbitDelivery:
    """``Delivery`` over one aio-pika message."""

    __slots__ = ("_answered", "_channel", "_message", "received")

    def __init__(self, message: AbstractIncomingMessage, channel: AbstractChannel) -> None:
        self._message = message
        self._channel = channel
        self._answered = False
        self.received: Received = arrived(
            message.headers,
            routing_key=message.routing_key or "",
            body=message.body,
            content_type=message.content_type or "",
            redelivered=bool(message.redelivered),
        )

    @property
    def copy(self) -> str:
        """The name of this copy: every publish of ours has a message id of its own."""
        return self._message.message_id or ""

    @property
    def gone(self) -> bool:
        """Whether the channel that it came on is closed."""
        return self._channel.is_closed

    async def ack(self) -> None:
        """Let the broker forget it."""
        if self._first_answer():
            try:
                await self._message.ack()
            except BROKER_ERRORS:
                return  # the channel went away: it comes again

    async def hand_back(self) -> None:
        """Put it back with ``basic.reject``, which counts towards the delivery limit; 4.3 ignores a nack."""
        if self._first_answer():
            try:
                await self._message.reject(requeue=True)
            except BROKER_ERRORS:
                return  # the channel went away: it is back already

    def _first_answer(self) -> bool:
        # Answering twice is an error to the broker that closes the channel for everybody on it.
        first, self._answered = not self._answered, True
        return first and not self.gone
