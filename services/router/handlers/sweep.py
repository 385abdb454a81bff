"""Find what was left lying when a process died or a message was lost, and take it up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from services.router.domain.reservation import left_over
from services.router.handlers.news import job_routed, standing_changed
from services.router.handlers.resume_job import resume_job
from services.router.handlers.routing import Routing
from services.router.ports import Announcer, Leftovers
from shared.contracts.addressed import Addressed
from shared.kernel.errors import Transient

MOST: Final = 500
"""Of one kind in one round."""
AT_ONCE: Final = 20

UNROUTED: Final = timedelta(seconds=60)
UNDECIDED: Final = timedelta(seconds=60)
OVERDUE: Final = timedelta(seconds=90)
"""Past the deadline; what has not ended expires 30 s after it."""
SILENT: Final = timedelta(minutes=5)
LEFT_OVER: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(seconds=10)
"""When to try once more to wake a job that another router is at, or that could not be said of."""


async def wake_waiting(*, routing: Routing, announcer: Announcer) -> None:
    """Ask the book again for the jobs whose wait is over."""
    await _resume(routing.waiting.wake(routing.clock.now(), MOST), routing, announcer)


async def sweep_jobs(*, routing: Routing, leftovers: Leftovers, announcer: Announcer) -> None:
    """Take on jobs whose next step nobody took.

    Jobs that waited in a process that is gone, lost intents, undecided failures, endings never heard.
    """
    left = [
        *await routing.jobs.queued(UNROUTED, MOST, without=routing.waiting),
        *await leftovers.stale_intents(MOST),
        *await leftovers.undecided(UNDECIDED, MOST, without=routing.waiting),
        *await leftovers.overdue(OVERDUE, MOST),
    ]
    await _resume(dict.fromkeys(left), routing, announcer)


async def sweep_watches(*, leftovers: Leftovers, announcer: Announcer) -> None:
    """Have jobs watched again of which there was no sign of life for long."""
    for _ in range(MOST):
        attempt = await leftovers.claim_unwatched(SILENT)
        if attempt is None:
            return
        await announcer.say(Addressed(job_routed(attempt), "poller"))


async def sweep_reservations(*, routing: Routing, announcer: Announcer) -> None:
    """End reservations that outlived their attempts."""
    old = await routing.standings.reservations(LEFT_OVER)
    attempts = await routing.attempts.with_ids([reservation.attempt_id for reservation in old])
    for reservation in old:
        counts = left_over(reservation, attempts.get(reservation.attempt_id))
        if counts is None:
            continue
        standing = await routing.standings.settle(reservation.offer_id, reservation.id, counts)
        if standing is not None:
            routing.book.put_standing(standing)
            await announcer.say(standing_changed(standing))


async def _resume(job_ids: Iterable[str], routing: Routing, announcer: Announcer) -> None:
    """Resume each job by itself: what goes wrong with one is raised when all had their turn."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(job_id: str) -> None:
        async with turns:
            try:
                routing.waiting.leave(job_id)
                await announcer.say(*await resume_job(job_id, routing=routing))
            except Transient:
                routing.waiting.enter(job_id, routing.clock.now() + AGAIN)

    results = await asyncio.gather(*(one(job_id) for job_id in job_ids), return_exceptions=True)
    failures = [result for result in results if isinstance(result, Exception)]
    if failures:
        raise ExceptionGroup("some jobs could not be resumed", failures)
