"""The dead letters of a queue in memory."""

from collections.abc import Sequence
from itertools import islice

from shared.messaging.dead_letters import DeadLetter, letter
from shared.messaging.memory.broker import MemoryBroker, Stored
from shared.messaging.topology import Queue


class MemoryDeadLetters:
    """``DeadLetters`` of one queue of a ``MemoryBroker``."""

    def __init__(self, broker: MemoryBroker, queue: Queue) -> None:
        self._broker = broker
        self._queue = queue

    async def oldest(self, limit: int = 100) -> Sequence[DeadLetter]:
        """The oldest ``limit`` of them."""
        return [_letter(stored) for stored in islice(self._broker.ready(self._queue.dead), limit)]

    async def show(self, letter_id: str) -> DeadLetter | None:
        """That one."""
        stored = self._find(letter_id)
        return _letter(stored) if stored else None

    async def replay(self, letter_id: str) -> bool:
        """Send it to its queue again."""
        stored = self._find(letter_id)
        if stored is None:
            return False
        self._broker.publish(_letter(stored).again(self._queue))
        return await self.drop(letter_id)

    async def drop(self, letter_id: str) -> bool:
        """Forget it."""
        stored = self._find(letter_id)
        if stored is not None:
            self._broker.ready(self._queue.dead).remove(stored)
        return stored is not None

    def _find(self, letter_id: str) -> Stored | None:
        waiting = self._broker.ready(self._queue.dead)
        return next((stored for stored in waiting if stored.copy == letter_id), None)


def _letter(stored: Stored) -> DeadLetter:
    return letter(stored.copy, stored.headers, body=stored.body, content_type=stored.content_type)
