"""Slots for looks under way: many in all, and not all of them for one key or one seller."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

AT_ONCE: Final = 400
"""Looks of one process.  Each has a connection waiting for it, so that none is timed out in a queue."""
OF_ONE_SELLER: Final = 100
"""So that a provider that keeps silent delays nobody else's looks."""
OF_ONE_KEY: Final = 20
"""No more are refused at once than Venice puts up with; and two hundred jobs of one key keep to their schedule
where an answer takes a second."""


class Slots:
    """The slots of one process."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(AT_ONCE)
        self._of_seller: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._of_key: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def slot(self, seller_id: str, key_id: str) -> AsyncIterator[None]:
        """Wait for a slot and hold it until the block ends.  Who waits for the narrow keeps nothing of the wide."""
        of_key = _of(self._of_key, key_id, OF_ONE_KEY)
        of_seller = _of(self._of_seller, seller_id, OF_ONE_SELLER)
        async with of_key, of_seller, self._all:
            yield


def _of(slots: WeakValueDictionary[str, asyncio.Semaphore], name: str, many: int) -> asyncio.Semaphore:
    found = slots.get(name)
    if found is None:
        found = slots[name] = asyncio.Semaphore(many)
    return found
