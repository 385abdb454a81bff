"""The courier: sends what is due, many at once, a few to each host, none of them waiting for another."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.webhooks.domain.answer import Health, health_of
from services.webhooks.domain.delivery import Due
from services.webhooks.domain.receivers import Receivers
from services.webhooks.handlers.deliver import Sending, deliver
from shared.runtime.tracing import span

LOOK_AT_MOST: Final = 1024
"""Deliveries found in one look at the timetable."""
LEASE: Final = timedelta(seconds=60)
"""Well above what an attempt can take."""
LOOKS_EVERY: Final = 1.0
"""Seconds between looks while nobody wakes the courier."""
REST: Final = 4
"""After a look, so many times as long as it took, up to a second: a long timetable costs others little."""
DRAIN: Final = timedelta(seconds=16)
"""For what is under way when the process is to end: about as long as an attempt can take."""

log = structlog.get_logger("courier")


class Courier:
    """Claims and sends.  ``world`` is what its attempts need."""

    def __init__(self, world: Sending) -> None:
        self._world = world
        self._receivers = Receivers()
        self._wake = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}

    @property
    def under_way(self) -> int:
        """How many attempts are being made."""
        return len(self._under_way)

    def wake(self) -> None:
        """Look at the timetable soon, rather than when its time has come."""
        self._wake.set()

    async def run(self) -> None:
        """Send whatever comes due, until cancelled; what is under way by then is first brought to its end.

        Raises what looking at the timetable raises, and can then be run again.
        """
        try:
            while True:
                self._wake.clear()
                began = self._world.clock.monotonic()
                await self.look()
                took = self._world.clock.monotonic() - began
                await self._world.clock.sleep(min(REST * took, LOOKS_EVERY))
                await self._woken()
        except asyncio.CancelledError:
            await self._drained()
            raise

    async def look(self) -> None:
        """Begin every attempt that is due and may begin; returns while they are under way."""
        at = self._world.clock.monotonic()
        found = await self._world.deliveries.due(past_hosts=self._receivers.closed(at), limit=LOOK_AT_MOST)
        for due in found:
            if self._receivers.full:
                return
            if due.id not in self._under_way and self._receivers.admit(due.host, at):
                self._begin(due)
        if len(found) == LOOK_AT_MOST:
            self.wake()

    def _begin(self, due: Due) -> None:
        # In a context of its own, so that each attempt's lines carry its own trace.
        task = asyncio.create_task(self._attempt(due), context=Context())
        self._under_way[due.id] = task
        task.add_done_callback(partial(self._ended, due))

    async def _attempt(self, due: Due) -> None:
        health = Health.UNKNOWN
        try:
            claimed = await self._world.deliveries.claim(due.id, lease=LEASE)
            if claimed is None:
                return
            with span("webhook delivery", claimed.traceparent) as trace_id:
                structlog.contextvars.bind_contextvars(trace_id=trace_id)
                health = health_of(await deliver(claimed, self._world))
        finally:
            self._receivers.leave(due.host, health, self._world.clock.monotonic())

    def _ended(self, due: Due, task: asyncio.Task[None]) -> None:
        del self._under_way[due.id]
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("attempt broke off; its lease brings it back", delivery_id=due.id, exc_info=error)

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(LOOKS_EVERY):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _drained(self) -> None:
        under_way = list(self._under_way.values())
        if under_way:
            await asyncio.wait(under_way, timeout=DRAIN.total_seconds())
        for task in under_way:
            task.cancel()
