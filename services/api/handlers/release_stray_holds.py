"""Sweep: give back holds that no job stands behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from services.api.domain.account import OldHold
from services.api.handlers.release_hold import release_hold, release_late_hold
from services.api.handlers.settle_job import Settling
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis

LEFT_FOR: Final = timedelta(seconds=30)
"""With the time between two rounds less than a minute."""

log = structlog.get_logger(__name__)


async def release_stray_holds(*, world: Settling) -> None:
    """Look at every old hold of every account, and release those whose job was never stored or has another one."""
    async for holds in world.accounts.old_holds(world.clock.now() - LEFT_FOR):
        jobs = await world.jobs.known(hold.job_id for hold in holds)
        for hold in holds:
            await _judge(hold, jobs, world)


async def _judge(hold: OldHold, jobs: Mapping[str, JobRecord], world: Settling) -> None:
    job = jobs.get(hold.job_id)
    if job is None:
        await _void(hold, world)
    elif job.created_at != hold.hold.at:
        await _release_late(job, hold, world)


async def _release_late(job: JobRecord, hold: OldHold, world: Settling) -> None:
    at = in_millis(world.clock.now())
    if await release_late_hold(job, hold.hold, at, accounts=world.accounts, ledger=world.ledger):
        log.warning("stray hold released", job_id=hold.job_id)


async def _void(hold: OldHold, world: Settling) -> None:
    """Give up the id first, so that a late insert fails; a job that came after all is left alone."""
    at = in_millis(world.clock.now())
    if await world.jobs.void(hold.job_id, at) is None:
        await release_hold(hold.account_id, hold.job_id, hold.hold, at, accounts=world.accounts, ledger=world.ledger)
        log.warning("hold without a job released", job_id=hold.job_id)
