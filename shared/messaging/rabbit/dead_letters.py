"""The dead letters of a queue at RabbitMQ, read over a connection of their own."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.messaging.dead_letters import DeadLetter, letter
from shared.messaging.failures import BrokerUnavailable
from shared.messaging.rabbit.connection import answered, closed, connect, open_channel
from shared.messaging.rabbit.publisher import RabbitPublisher
from shared.messaging.topology import Exchange, Queue

_LOOKED_AT: Final = 1000


class RabbitDeadLetters:
    """``DeadLetters`` of one queue, one look at a time.

    Looking takes messages and hands all of them back; only the one that is replayed or dropped is
    acked, and a replayed one only after its copy was confirmed.
    """

    def __init__(self, url: str, exchange: Exchange, queue: Queue) -> None:
        self._url = url
        self._exchange = exchange
        self._queue = queue
        self._looking = asyncio.Lock()

    async def oldest(self, limit: int = 100) -> Sequence[DeadLetter]:
        """The oldest ``limit`` of them.  Raises ``BrokerUnavailable``, as all of these do."""
        async with self._taken(limit) as (_, messages):
            return [_letter(message) for message in messages]

    async def show(self, letter_id: str) -> DeadLetter | None:
        """That one."""
        letters = await self.oldest(_LOOKED_AT)
        return next((letter for letter in letters if letter.id == letter_id), None)

    async def replay(self, letter_id: str) -> bool:
        """Send it to its queue again."""
        async with self._taken(_LOOKED_AT) as (publisher, messages):
            found = next((message for message in messages if _id(message) == letter_id), None)
            if found is None:
                return False
            await publisher.publish(_letter(found).again(self._queue))
            await found.ack()
            return True

    async def drop(self, letter_id: str) -> bool:
        """Forget it."""
        async with self._taken(_LOOKED_AT) as (_, messages):
            found = next((message for message in messages if _id(message) == letter_id), None)
            if found is not None:
                await found.ack()
            return found is not None

    @asynccontextmanager
    async def _taken(self, limit: int) -> AsyncIterator[tuple[RabbitPublisher, list[AbstractIncomingMessage]]]:
        async with self._looking:
            connection = await connect(self._url, f"dead letters of {self._queue.name}")
            try:
                publisher = RabbitPublisher(self._exchange)
                publisher.attach(connection)
                channel = await open_channel(connection)
                messages: list[AbstractIncomingMessage] = []
                queue = await channel.get_queue(self._queue.dead, ensure=False)
                while len(messages) < limit and (message := await _next(queue)) is not None:
                    messages.append(message)
                yield publisher, messages
                for message in messages:
                    if not message.processed:
                        await message.reject(requeue=True)
            finally:
                await closed(connection)


async def _next(queue: AbstractQueue) -> AbstractIncomingMessage | None:
    try:
        return await answered(queue.get(fail=False))
    except BrokerUnavailable as error:
        if isinstance(error.__cause__, ChannelNotFoundEntity):
            return None  # never declared, so nothing was ever set aside
        raise


def _letter(message: AbstractIncomingMessage) -> DeadLetter:
    return letter(_id(message), message.headers, body=message.body, content_type=message.content_type or "")


def _id(message: AbstractIncomingMessage) -> str:
    return message.message_id or hashlib.sha256(message.body).hexdigest()
