"""Room for requests that stay open: waits, event streams and downloads; and their end when the process stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, TypeVar, cast

from aiohttp import web

from services.api.entrypoints.http.refusals import Stopping, TooBusy, TooManyOpen

T = TypeVar("T")


class Places:
    """At most ``most`` open requests of each sort, and ``each`` of any one account's jobs."""

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._taken: Counter[str] = Counter()
        self._whose: Counter[tuple[str, str]] = Counter()
        self._closing = asyncio.Event()

    def close(self) -> None:
        """The process stops: nobody stays any longer."""
        self._closing.set()

    @contextmanager
    def taken(self, what: str, account_id: str) -> Iterator[None]:
        """Hold a place among ``what``; raises :class:`TooManyOpen` or :class:`TooBusy` when those are taken."""
        whose = (what, account_id)
        if self._whose[whose] >= self._each:
            raise TooManyOpen(what, self._each)
        if self._taken[what] >= self._most:
            raise TooBusy(what)
        self._taken[what] += 1
        self._whose[whose] += 1
        try:
            yield
        finally:
            self._taken[what] -= 1
            self._whose[whose] -= 1
            if not self._whose[whose]:
                del self._whose[whose]

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


def still_there(request: web.Request) -> bool:
    """Whether the client has not gone away, and waits for its answer."""
    return request.transport is not None and not request.transport.is_closing()


async def _next(items: AsyncIterator[T]) -> T:
    return await anext(items)
