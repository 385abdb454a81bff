"""Find what was left lying when a process died or a message was lost, and take it up."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.router.domain.reservation import left_over
from services.router.handlers.keep_book import take_standing
from services.router.handlers.news import job_routed, standing_changed
from services.router.handlers.routing import Routing
from services.router.ports import Announcer, Leftovers
from shared.contracts.addressed import Addressed

MOST: Final = 500
"""Of one kind in one round."""

UNROUTED: Final = timedelta(seconds=60)
UNDECIDED: Final = timedelta(seconds=60)
OVERDUE: Final = timedelta(seconds=90)
"""Past the deadline; what has not ended expires 30 s after it."""
SILENT: Final = timedelta(minutes=5)
LEFT_OVER: Final = timedelta(minutes=5)


async def sweep_jobs(*, routing: Routing, leftovers: Leftovers) -> None:
    """Have the jobs taken on here whose next step nobody took: their wait is over now.

    Jobs that waited in a process that is gone, lost intents, undecided failures, endings never heard.
    """
    left = [
        *await routing.jobs.queued(UNROUTED, MOST, without=routing.waiting),
        *await leftovers.stale_intents(MOST),
        *await leftovers.undecided(UNDECIDED, MOST, without=routing.waiting),
        *await leftovers.overdue(OVERDUE, MOST),
    ]
    for job_id in left:
        if job_id not in routing.waiting:
            routing.waiting.enter(job_id, routing.clock.now())


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
            take_standing(standing, routing)
            await announcer.say(standing_changed(standing))
