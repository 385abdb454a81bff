"""Let a job succeed, now that its audio is stored and verified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog

from services.api.domain.ending import Delivered
from services.api.domain.settlement import actual_cost
from services.api.handlers.end_job import end_job
from services.api.handlers.settle_job import Settling
from services.api.ports import Attempts
from shared.contracts.artifact_events import ArtifactStored
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.job import JobRecord, Result, Winner
from shared.kernel.clock import in_millis
from shared.kernel.errors import DomainError
from shared.market.catalogue import Catalogue

log = structlog.get_logger(__name__)


async def deliver_job(
    stored: ArtifactStored, *, world: Settling, attempts: Attempts, catalogue: Catalogue
) -> Sequence[Event]:
    """End the job as succeeded and capture what this attempt's terms ask for the audio.

    Whichever attempt the audio is of: what is stored is what the buyer gets, and there is one
    of it.  Raises a ``DomainError`` when no such attempt was ever made.
    """
    attempt = await attempts.find(stored.job_id, stored.attempt)
    if attempt is None:
        raise DomainError("attempt_not_found", f"audio of attempt {stored.attempt}, which was never made")
    at = in_millis(world.clock.now())

    def delivered(job: JobRecord) -> Delivered:
        cost = actual_cost(job, attempt, catalogue.find(job.parameters.model), _duration(stored))
        return Delivered(at, (_result(stored),), _winner(attempt), cost.seller, cost.buyer)

    move = await end_job(stored.job_id, delivered, world=world)
    log.info("artifact stored", move=move.value)
    return ()


def _duration(stored: ArtifactStored) -> timedelta:
    return timedelta(milliseconds=stored.duration_millis)


def _winner(attempt: AttemptRecord) -> Winner:
    return Winner(attempt.number, attempt.offer_id, attempt.seller_id)


def _result(stored: ArtifactStored) -> Result:
    return Result(
        index=stored.index,
        key=stored.key,
        content_type=stored.content_type,
        bytes=stored.bytes,
        sha256=stored.sha256,
        duration=_duration(stored),
        retained_until=stored.retained_until,
    )
