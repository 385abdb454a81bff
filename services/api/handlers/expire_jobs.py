"""Sweep: end the jobs whose time is up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.api.domain.ending import Unpaid, timed_out
from services.api.handlers.end_job import end_job
from services.api.handlers.settle_job import Settling
from services.api.handlers.together import together
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis
from shared.market.kinds import Kind

BATCH: Final = 100


async def expire_jobs(*, world: Settling, kinds: Mapping[str, Kind]) -> None:
    """End every job that has not ended by its deadline and its kind's grace."""
    now = in_millis(world.clock.now())

    def ended(job: JobRecord) -> Unpaid:
        return timed_out(job, now)

    async def expire(job: JobRecord) -> None:
        await end_job(job.id, ended, world=world)

    for kind in kinds.values():
        while overdue := await world.jobs.overdue(kind.name, now - kind.end_grace, BATCH):
            await together(expire, overdue)
