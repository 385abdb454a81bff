"""A job has ended: close what is open, turn its reservations into spend or free them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

from services.router.domain.closing import Closing, counted
from services.router.domain.ending import End, How, Sale, closing_at, speaks_against_the_offer
from services.router.domain.health import delivered, failed
from services.router.handlers.close_attempt import close_attempt
from services.router.handlers.note_standing import Rule, note_health, offer_revision, settle
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.job_events import JobCanceled, JobExpired, JobFailed, JobSucceeded
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis

Ending: TypeAlias = JobSucceeded | JobFailed | JobCanceled | JobExpired

_DELIVERED = "the audio is delivered"


async def hear_ending(ending: Ending, *, routing: Routing) -> Sequence[Event]:
    """End the attempts of a job of which an ending is said."""
    how = How(ending.TYPE.removeprefix("job."))
    if isinstance(ending, JobSucceeded):
        sale = Sale(ending.attempt, ending.seller_cost_usdc)
        return await end_attempts(End(ending.job_id, how, _DELIVERED, sale), routing=routing)
    return await end_attempts(End(ending.job_id, how, ending.message), routing=routing)


def end_of(job: JobRecord) -> End:
    """The end of a job that is known from its record."""
    how = How(job.status.value)
    if job.winner is not None and job.seller_cost is not None:
        return End(job.id, how, _DELIVERED, Sale(job.winner.attempt, job.seller_cost))
    return End(job.id, how, how if job.error is None else job.error.message)


async def end_attempts(end: End, *, routing: Routing) -> Sequence[Event]:
    """Close every attempt and end every reservation of the job.  Done again, it changes nothing."""
    said: list[Event] = []
    routing.waiting.leave(end.job_id)
    history = await routing.attempts.of_job(end.job_id)
    for attempt in history:
        said += await _end(attempt, end, routing)
    if history:
        await routing.attempts.ended(end.job_id)
    return said


async def _end(attempt: AttemptRecord, end: End, routing: Routing) -> Sequence[Event]:
    closing = closing_at(end, attempt)
    if closing is None:
        return await settle(attempt, counted(attempt), routing=routing)
    if closing.state is AttemptState.SUCCEEDED and end.sale is not None:
        return await _succeed(attempt, closing, end.sale, routing)
    moved = await close_attempt(attempt, closing, routing)
    if moved is None:
        return ()
    if not speaks_against_the_offer(end, attempt):
        return moved.said
    at = in_millis(routing.clock.now())
    rule = partial(failed, reason="the job ran out of time", sent_under=None, at=at, random=routing.random)
    return (*moved.said, *await _note(attempt, rule, routing))


async def _succeed(attempt: AttemptRecord, closing: Closing, sale: Sale, routing: Routing) -> Sequence[Event]:
    """What was captured stays as spend, and must be noted before the attempt closes: only the ending tells it."""
    said = await settle(attempt, sale.earned, routing=routing)
    if not await routing.attempts.close(attempt, closing):
        return said
    rule = partial(delivered, at=in_millis(routing.clock.now()))
    return (*said, *await _note(attempt, rule, routing))


async def _note(attempt: AttemptRecord, rule: Rule, routing: Routing) -> Sequence[Event]:
    before = routing.book.standing(attempt.offer_id)
    return await note_health(before, rule, revision=offer_revision(attempt.offer_id, routing), routing=routing)
