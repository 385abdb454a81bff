"""Set attempts aside that were given one id by their provider: nobody could tell their audio apart."""

from __future__ import annotations

from functools import partial
from typing import Final

import structlog

from services.router.domain.closing import Closing, Code
from services.router.domain.health import refused
from services.router.handlers.close_attempt import Moved, close_attempt
from services.router.handlers.note_standing import note_health
from services.router.handlers.open_attempt import Opened
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.job_events import JobUnroutable
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.clock import in_millis
from shared.providers.outcomes import Pause, Refused

ONE_ID: Final = "the provider gave one id to two jobs"
_ASIDE: Final = Closing(AttemptState.UNKNOWN, Code.PROVIDER_ERROR, ONE_ID)

log = structlog.get_logger("attempt")


async def quarantine(opened: Opened, provider_job_id: str, routing: Routing) -> Moved | None:
    """Close both attempts as unknown, end the other job, and shut the offer until its seller has acted."""
    attempt = opened.attempt
    log.error(
        "two jobs share one id", offer_id=attempt.offer_id, provider_job_id=provider_job_id, job_id=attempt.job_id
    )
    said: list[Event] = []
    other = await routing.attempts.holder_of(attempt.seller_id, provider_job_id)
    if other is not None:
        said += await _end(other, routing)
    rule = partial(
        refused,
        refusal=Refused(ONE_ID, Pause.KEY),
        sent_under=opened.reserved.sent_under,
        at=in_millis(routing.clock.now()),
        random=routing.random,
    )
    said += await note_health(opened.reserved.standing, rule, revision=opened.revision, routing=routing)
    closed = await close_attempt(attempt, _ASIDE, routing)
    return None if closed is None else Moved(closed.attempt, (*said, *closed.said))


async def _end(other: AttemptRecord, routing: Routing) -> list[Event]:
    closed = await close_attempt(other, _ASIDE, routing)
    if closed is None:
        return []
    ending = JobUnroutable(
        job_id=other.job_id,
        kind=other.kind,
        attempts=other.number,
        code=Code.PROVIDER_ERROR,
        message=ONE_ID,
    )
    return [*closed.said, ending]
