"""The courier: sends what is due, many at once, a few to each receiver, none of them waiting for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog

from services.webhooks.domain.answer import Delivered
from services.webhooks.domain.delivery import Claimed
from services.webhooks.domain.receivers import Receivers
from services.webhooks.handlers.deliver import Sending, deliver

AT_ONCE: Final = 256
"""Attempts under way in one process."""
LEASE: Final = timedelta(seconds=60)
"""Well above what one attempt can take."""
LOOKS_EVERY: Final = 1.0
"""Seconds between looks at the timetable while nobody wakes the courier."""
DRAIN: Final = timedelta(seconds=16)
"""For attempts under way when the process is to end: as long as one can take."""

log = structlog.get_logger(__name__)


class Courier:
    """Claims and sends until it is stopped."""

    def __init__(self, world: Sending) -> None:
        self._world = world
        self._receivers = Receivers()
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look at the timetable now."""
        self._wake.set()

    async def send_due(self) -> None:
        """Send everything that is due and may be sent; returns when nothing more can be begun."""
        while len(self._under_way) < AT_ONCE:
            closed = self._receivers.closed(self._world.clock.now())
            claimed = await self._world.deliveries.claim(closed_hosts=closed, lease=LEASE)
            if claimed is None:
                return
            self._begin(claimed)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Send in the background; at the end, let what is under way come to its own end."""
        rounds = asyncio.create_task(self._rounds())
        try:
            yield
        finally:
            rounds.cancel()
            await asyncio.wait({rounds, *self._under_way}, timeout=DRAIN.total_seconds())
            for task in self._under_way:
                task.cancel()

    async def _rounds(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self.send_due()
            except Exception as error:  # noqa: BLE001 - the supervisor of this loop: the next round comes
                log.warning("could not look at the timetable", error=f"{type(error).__name__}: {error}")
            await self._woken()

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(LOOKS_EVERY):
                await self._wake.wait()
        except TimeoutError:
            return

    def _begin(self, claimed: Claimed) -> None:
        host = urlsplit(claimed.delivery.url).netloc
        self._receivers.began(host)
        task = asyncio.create_task(self._attempt(claimed, host))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _attempt(self, claimed: Claimed, host: str) -> None:
        succeeded = False
        try:
            succeeded = isinstance(await deliver(claimed, self._world), Delivered)
        except Exception as error:
            log.warning("attempt could not be concluded", delivery_id=claimed.delivery.id, exc_info=error)
        finally:
            self._receivers.ended(host, succeeded, self._world.clock.now())
            self.wake()
