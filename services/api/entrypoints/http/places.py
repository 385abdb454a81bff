"""Room for requests that stay open: waits, event streams and downloads; and their end when the process stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from services.api.entrypoints.http.refusals import TooBusy

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

    async def until_closed(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What ``work`` returns, or None when the process stops first; then the work is cancelled."""
        working = asyncio.ensure_future(work)
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({working, closing}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            for task in (working, closing):
                task.cancel()
            await asyncio.gather(working, closing, return_exceptions=True)
