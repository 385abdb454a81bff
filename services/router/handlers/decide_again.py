"""An attempt came to nothing: close it and decide about another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

import structlog

from services.router.domain.closing import REQUEST_FAULTS, Closing, Code
from services.router.domain.health import failed
from services.router.domain.objection import has_audio
from services.router.domain.order import order_of
from services.router.handlers.advance_job import advance_job
from services.router.handlers.close_attempt import close_attempt
from services.router.handlers.note_standing import note_health, offer_revision
from services.router.handlers.routing import Routing
from shared.contracts.artifact_events import ArtifactRejected
from shared.contracts.event import Event
from shared.contracts.job_events import AttemptFailed
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis

Failure: TypeAlias = AttemptFailed | ArtifactRejected

log = structlog.get_logger("attempt")


async def decide_again(failure: Failure, *, routing: Routing) -> Sequence[Event]:
    """Close the attempt and take the job on.  News of an attempt that is not the current one changes nothing."""
    job = await routing.jobs.find(failure.job_id)
    if job is None or job.ended:
        return _ignored(failure, "the job has ended")
    history = await routing.attempts.of_job(failure.job_id)
    current = _current(history)
    if current is None or current.number != failure.attempt:
        return await _superseded(failure, job, history, routing)
    if isinstance(failure, AttemptFailed) and await _has_audio(failure, routing):
        return _ignored(failure, "its audio is being kept")
    said = await _close(current, closing_of(failure), routing)
    history = await routing.attempts.of_job(failure.job_id)
    return [*said, *await advance_job(order_of(job), history, routing)]


async def _superseded(
    failure: Failure, job: JobRecord, history: Sequence[AttemptRecord], routing: Routing
) -> Sequence[Event]:
    """Old news changes nothing; but whoever acted on it may have died before he could say so."""
    _ignored(failure, "the attempt is not the current one")
    if any(attempt.number == failure.attempt and attempt.state is AttemptState.FAILED for attempt in history):
        return await advance_job(order_of(job), history, routing)
    return ()


def closing_of(failure: Failure) -> Closing:
    """What a failure after acceptance makes of its attempt."""
    advice = f" Suggested prompt: {failure.suggestion}" if failure.suggestion else ""
    return Closing(AttemptState.FAILED, failure.code or Code.ARTIFACT_REJECTED, failure.message + advice)


def _current(history: Sequence[AttemptRecord]) -> AttemptRecord | None:
    made = [attempt for attempt in history if attempt.state is not AttemptState.WITHDRAWN]
    return made[-1] if made else None


async def _has_audio(failure: AttemptFailed, routing: Routing) -> bool:
    """A look after the provider's copy was forgotten finds nothing either."""
    artifacts = await routing.artifacts.of_job(failure.job_id)
    return any(has_audio(artifact) and artifact.attempt == failure.attempt for artifact in artifacts)


async def _close(attempt: AttemptRecord, closing: Closing, routing: Routing) -> Sequence[Event]:
    moved = await close_attempt(attempt, closing, routing)
    if moved is None:
        return ()
    log.info(
        "attempt failed",
        job_id=attempt.job_id,
        attempt=attempt.number,
        offer_id=attempt.offer_id,
        code=closing.code,
        reason=closing.reason,
    )
    if closing.code in REQUEST_FAULTS:
        return moved.said
    at = in_millis(routing.clock.now())
    rule = partial(failed, reason=closing.reason, sent_under=None, at=at, random=routing.random)
    before = await routing.standings.find(attempt.offer_id)
    revision = offer_revision(attempt.offer_id, routing)
    return (*moved.said, *await note_health(before, rule, revision=revision, routing=routing))


def _ignored(failure: Failure, why: str) -> Sequence[Event]:
    log.info("news of an attempt ignored", job_id=failure.job_id, attempt=failure.attempt, type=failure.TYPE, why=why)
    return ()
