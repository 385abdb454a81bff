"""Who in this process waits for which job."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta


class ProcessWatch:
    """See :class:`services.api.ports.Watch`."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def tell(self) -> None:
        """There is news."""
        self._told.set()

    async def news(self, within: timedelta) -> bool:
        try:
            async with asyncio.timeout(within.total_seconds()):
                await self._told.wait()
        except TimeoutError:
            return False
        self._told.clear()
        return True


class ProcessWatches:
    """See :class:`services.api.ports.Watches`."""

    def __init__(self) -> None:
        self._watches: dict[str, set[ProcessWatch]] = {}

    @contextmanager
    def watching(self, job_id: str) -> Iterator[ProcessWatch]:
        watch = ProcessWatch()
        self._watches.setdefault(job_id, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[job_id].discard(watch)
            if not self._watches[job_id]:
                del self._watches[job_id]

    def tell(self, job_id: str) -> None:
        for watch in self._watches.get(job_id, ()):
            watch.tell()
