"""The watches of this process: one future each, so that an ending wakes exactly its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Set
from contextlib import contextmanager


class ProcessWatch:
    """A watch that can be waited on.  See :class:`services.poller.ports.OpenWatch`."""

    def __init__(self) -> None:
        self._dropped = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._dropped.wait()
        except TimeoutError:
            return False
        return True

    @property
    def dropped(self) -> bool:
        return self._dropped.is_set()

    def drop(self) -> None:
        """Wake whoever waits."""
        self._dropped.set()


class ProcessWatches:
    """Every open watch, by job.  See :class:`services.poller.ports.Watches`."""

    def __init__(self) -> None:
        self._open: dict[str, set[ProcessWatch]] = {}

    @contextmanager
    def watching(self, job_id: str) -> Iterator[ProcessWatch]:
        watch = ProcessWatch()
        self._open.setdefault(job_id, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._open[job_id]
            watches.remove(watch)
            if not watches:
                del self._open[job_id]

    @property
    def job_ids(self) -> Set[str]:
        return frozenset(self._open)

    def drop(self, job_id: str) -> None:
        for watch in self._open.get(job_id, ()):
            watch.drop()
