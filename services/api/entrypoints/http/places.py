"""Room for requests that stay open: waits, event streams and downloads; and their end when the process stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, TypeVar, cast

from services.api.entrypoints.http.refusals import Stopping, TooBusy

T = TypeVar("T")


class Places:
    """At most ``most`` open requests of each sort."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()
        self._closing = asyncio.Event()

    def close(self) -> None:
        """The process stops: nobody stays any longer."""
        self._closing.set()

    @contextmanager
    def taken(self, what: str) -> Iterator[None]:
        """Hold a place among ``what``; raises :class:`TooBusy` when all are taken."""
        if self._taken[what] >= self._most:
            raise TooBusy(what)
        self._taken[what] += 1
        try:
            yield
        finally:
            self._taken[what] -= 1

    async def until_closed(self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` returns; raises :class:`Stopping`, and cancels the work, when the process stops first."""
        working, closing = asyncio.create_task(work), asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({working, closing}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Stopping
            return working.result()
        finally:
            working.cancel()
            closing.cancel()
            await asyncio.gather(working, closing, return_exceptions=True)

    async def each(self, items: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        """The items, ending with :class:`Stopping` when the process stops before they do; close it after use."""
        async with aclosing(cast(AsyncGenerator[T, None], items)):
            while True:
                try:
                    item = await self.until_closed(_next(items))
                except StopAsyncIteration:
                    return
                yield item


async def _next(items: AsyncIterator[T]) -> T:
    return await anext(items)
