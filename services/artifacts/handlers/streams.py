"""Places for bodies on their way in: few in all, and not all of them for one seller."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

AT_ONCE: Final = 8
"""Bodies that one process takes in at once; each holds up to two parts of the upload in memory."""
OF_ONE_SELLER: Final = 4
"""So that a provider whose bodies trickle delays nobody else's."""


class Streams:
    """The places of one process."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(AT_ONCE)
        self._of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, seller_id: str) -> AsyncIterator[None]:
        """Wait for a place and hold it until the block ends."""
        ours = self._of.get(seller_id)
        if ours is None:
            ours = self._of[seller_id] = asyncio.Semaphore(OF_ONE_SELLER)
        async with ours, self._all:
            yield
