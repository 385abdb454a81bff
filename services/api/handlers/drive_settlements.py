"""Sweep: drive on what was left half settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from services.api.handlers.settle_job import Settling, settle_job
from services.api.handlers.together import together
from shared.contracts.records.job import JobRecord

LEFT_FOR: Final = timedelta(seconds=5)
BATCH: Final = 100

log = structlog.get_logger(__name__)


async def drive_settlements(*, world: Settling) -> None:
    """Settle every job that ended a while ago and whose settlement is pending still."""

    async def drive(job: JobRecord) -> None:
        if await settle_job(job, world=world):
            log.warning("settlement driven on", job_id=job.id)

    while pending := await world.jobs.unsettled(world.clock.now() - LEFT_FOR, BATCH):
        await together(drive, pending)
