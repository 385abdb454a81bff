"""The usher: takes on the jobs whose wait is over, many at once, none of them waiting for another."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.router.handlers.resume_job import resume_job
from services.router.handlers.routing import Routing
from services.router.ports import Announcer
from shared.kernel.errors import Transient
from shared.runtime.tracing import span
from shared.storage.mongo import UNAVAILABLE

PLACES: Final = 200
"""Jobs that are taken on at once; one silent offer has fewer of them, for it gets no more submits than that."""
LOOKS_EVERY: Final = 1.0
LOOKS_AGAIN: Final = 0.1
"""Seconds between looks into the waiting room, and while more are due than can be taken on."""
AGAIN: Final = timedelta(seconds=10)
"""When to take on a job once more that another router is at, or that could not be said of."""
DRAIN: Final = timedelta(seconds=16)
"""For what is under way when the process is to end, and less than the process gives.

What takes longer is another router's to resolve.
"""

log = structlog.get_logger("usher")


class Usher:
    """Has every job resumed when its time has come."""

    def __init__(self, routing: Routing, announcer: Announcer) -> None:
        self._routing = routing
        self._announcer = announcer
        self._under_way: dict[str, asyncio.Task[None]] = {}

    @property
    def under_way(self) -> int:
        """How many jobs are being taken on."""
        return len(self._under_way)

    async def run(self) -> None:
        """Look again and again, until cancelled; what is under way by then is first brought to its end."""
        try:
            while True:
                self.look()
                full = self.under_way >= PLACES
                await self._routing.clock.sleep(LOOKS_AGAIN if full else LOOKS_EVERY)
        except asyncio.CancelledError:
            await self._drained()
            raise

    def look(self) -> None:
        """Begin with every job that is due and for which there is a place; returns while they are under way."""
        due = self._routing.waiting.wake(self._routing.clock.now(), PLACES - self.under_way)
        for job_id in due:
            if job_id not in self._under_way:
                # In a context of its own, so that each job's lines carry its own trace.
                task = asyncio.create_task(self._resume(job_id), context=Context())
                self._under_way[job_id] = task
                task.add_done_callback(partial(self._ended, job_id))

    async def _resume(self, job_id: str) -> None:
        self._routing.waiting.leave(job_id)
        with span("wait over") as trace_id:
            structlog.contextvars.bind_contextvars(trace_id=trace_id, job_id=job_id)
            try:
                await self._announcer.say(*await resume_job(job_id, routing=self._routing))
            except (Transient, *UNAVAILABLE):
                self._routing.waiting.enter(job_id, self._routing.clock.now() + AGAIN)

    def _ended(self, job_id: str, task: asyncio.Task[None]) -> None:
        del self._under_way[job_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("job not resumed", job_id=job_id, error=f"{type(error).__name__}: {error}", exc_info=error)

    async def _drained(self) -> None:
        under_way = list(self._under_way.values())
        if under_way:
            await asyncio.wait(under_way, timeout=DRAIN.total_seconds())
        for task in under_way:
            task.cancel()
