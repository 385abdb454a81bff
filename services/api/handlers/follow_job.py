"""Follow a job: wait for its ending, or hear of every change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.domain.job_token import Signing
from services.api.domain.reader import Reader
from services.api.handlers.read_job import read_job
from services.api.ports import Jobs, Watches
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import Clock

CATCHING_UP: Final = (0.05, 0.2, 0.5)
"""Seconds between looks for what news was of: it may be heard here before it is stored by another process."""
REREAD: Final = timedelta(seconds=5)
"""News can be missed while the broker is away, so the job is read again this often."""


@dataclass(frozen=True, slots=True)
class Following:
    """What following needs."""

    jobs: Jobs
    watches: Watches
    signing: Signing
    clock: Clock


async def wait_for_ending(
    job_id: str, reader: Reader, *, within: timedelta, wanted: Callable[[], bool], world: Following
) -> JobRecord:
    """The job as soon as it has ended, or as it is after that time; raises ``JobNotFound`` at once.

    Nor is it waited for any longer, by more than a few seconds, when that is not ``wanted`` any more.
    """
    deadline = world.clock.monotonic() + within.total_seconds()
    with world.watches.watching(job_id) as watch:
        while True:
            job = await read_job(job_id, reader, jobs=world.jobs, signing=world.signing)
            left = timedelta(seconds=deadline - world.clock.monotonic())
            if job.ended or left <= timedelta() or not wanted():
                return job
            await watch.news(min(left, REREAD))


async def follow_job(job_id: str, reader: Reader, *, world: Following) -> AsyncIterator[JobRecord | None]:
    """The job now, again whenever it changed, and last when it has ended.

    Between changes there is a None every few seconds, so that whoever writes to a client can
    keep the line warm.  Raises ``JobNotFound`` before anything is yielded.
    """
    with world.watches.watching(job_id) as watch:
        seen: JobRecord | None = None
        while True:
            job = await read_job(job_id, reader, jobs=world.jobs, signing=world.signing)
            yield None if job == seen else job
            if job.ended:
                return
            seen = job
            if await watch.news(REREAD):
                await _caught_up(seen, world)


async def _caught_up(seen: JobRecord, world: Following) -> None:
    """Return once the job is not as it was, or when the news must have been old."""
    for pause in CATCHING_UP:
        if await world.jobs.find(seen.id) != seen:
            return
        await world.clock.sleep(pause)
