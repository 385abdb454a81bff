"""The courier: sends what is due, many at once, a few to each host, none of them waiting for another."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.webhooks.domain.answer import Health, health_of
from services.webhooks.domain.delivery import Claimed, Due
from services.webhooks.domain.receivers import Receivers
from services.webhooks.domain.waiting import Waiting
from services.webhooks.entrypoints.telling import tell_beginning, tell_conclusion, tell_failure
from services.webhooks.handlers.conclude_attempt import Concluding, conclude_attempt
from services.webhooks.handlers.send_attempt import Sending, Sent, send_attempt
from services.webhooks.ports import Deliveries
from shared.kernel.clock import Clock
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


class Courier:
    """Claims, sends and concludes."""

    def __init__(self, deliveries: Deliveries, sending: Sending, concluding: Concluding, clock: Clock) -> None:
        self._deliveries = deliveries
        self._sending = sending
        self._concluding = concluding
        self._clock = clock
        self._receivers = Receivers()
        self._waiting = Waiting()
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
                began = self._clock.monotonic()
                await self.look()
                took = self._clock.monotonic() - began
                await self._clock.sleep(min(REST * took, LOOKS_EVERY))
                await self._woken()
        except asyncio.CancelledError:
            await self._drained()
            raise

    async def look(self) -> None:
        """Begin every attempt that is due and may begin; returns while they are under way."""
        at = self._clock.monotonic()
        found = await self._deliveries.due(past_hosts=self._receivers.closed(at), limit=LOOK_AT_MOST)
        self._waiting.forget(*(due.host for due in found))
        for due in found:
            if not self._began(due) and self._receivers.busy(due.host):
                self._waiting.add(due)
        if len(found) == LOOK_AT_MOST and not self._receivers.full:
            self.wake()

    def _began(self, due: Due) -> bool:
        """Begin an attempt, unless its host has no place for it."""
        if due.id in self._under_way:
            return True
        if not self._receivers.admit(due.host, self._clock.monotonic()):
            return False
        # In a context of its own, so that each attempt's lines carry its own trace.
        task = asyncio.create_task(self._attempt(due), context=Context())
        self._under_way[due.id] = task
        task.add_done_callback(partial(self._ended, due))
        return True

    async def _attempt(self, due: Due) -> None:
        claimed = await self._claimed(due)
        if claimed is not None:
            with span("webhook delivery", claimed.traceparent) as trace_id:
                structlog.contextvars.bind_contextvars(trace_id=trace_id)
                tell_beginning(due.late)
                sent = await self._sent(due, claimed)
                tell_conclusion(await conclude_attempt(sent, self._concluding))

    async def _claimed(self, due: Due) -> Claimed | None:
        claimed = None
        try:
            claimed = await self._deliveries.claim(due.id, lease=LEASE)
        finally:
            if claimed is None:
                self._leave(due.host, Health.UNKNOWN)
        return claimed

    async def _sent(self, due: Due, claimed: Claimed) -> Sent:
        health = Health.UNKNOWN
        try:
            sent = await send_attempt(claimed, self._sending)
            if not claimed.delivery.is_test:  # whatever URL a buyer tries out must not close its host to others
                health = health_of(sent.answer)
            return sent
        finally:
            self._leave(due.host, health)

    def _leave(self, host: str, health: Health) -> None:
        """Give a place back, to the next who is known to wait for it."""
        self._receivers.leave(host, health, self._clock.monotonic())
        if self._receivers.roomy and (due := self._waiting.next_of(host)) is not None:
            self._began(due)
        if not self._receivers.busy(host):
            self._waiting.forget(host)

    def _ended(self, due: Due, task: asyncio.Task[None]) -> None:
        del self._under_way[due.id]
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            tell_failure(due, error)

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(LOOKS_EVERY):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _drained(self) -> None:
        self._waiting.forget_all()
        under_way = list(self._under_way.values())
        if under_way:
            await asyncio.wait(under_way, timeout=DRAIN.total_seconds())
        for task in under_way:
            task.cancel()
