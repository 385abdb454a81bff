"""End a job: its status is decided first, its money follows, and the news comes last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import structlog

from services.api.domain.ending import Delivered, Unpaid
from services.api.domain.moves import Move
from services.api.handlers.settle_job import Settling, settle_job
from shared.contracts.records.job import JobRecord

Decide: TypeAlias = Callable[[JobRecord], Delivered | Unpaid]

log = structlog.get_logger(__name__)


async def end_job(job_id: str, decide: Decide, *, world: Settling) -> Move:
    """End a live job as ``decide`` says of it, and settle it.  An ended job stays as it is, and is settled if need be.

    Only one ending wins; whoever loses finds the job ended, or a cancel request that
    came in between, and decides again.
    """
    while True:
        job = await world.jobs.find(job_id)
        if job is None:
            return Move.NO_SUCH_JOB
        if job.ended:
            await settle_job(job, world=world)
            return Move.TOO_LATE
        ended = await world.jobs.end(job_id, decide(job))
        if ended is not None:
            break
    await settle_job(ended, world=world)
    log.info("job ended", status=ended.status.value, code=None if ended.error is None else ended.error.code)
    return Move.MADE
