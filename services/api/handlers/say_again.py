"""Sweep: say job.created again for queued jobs that nobody attempts."""

from __future__ import annotations

from typing import Final

import structlog

from services.api.domain.creation import created
from services.api.handlers.together import together
from services.api.ports import Attempts, Jobs, Post
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import Clock, in_millis

BATCH: Final = 200

log = structlog.get_logger(__name__)


async def say_again(*, jobs: Jobs, attempts: Attempts, post: Post, clock: Clock) -> None:
    """One round.  A job that a router holds back on purpose only hears its own name once more."""
    at = in_millis(clock.now())
    quiet = await jobs.quiet(at, BATCH)
    attempted = await attempts.attempted(job.id for job in quiet)

    async def say(job: JobRecord) -> None:
        if job.id in attempted:
            # The router has it, and drives it on itself.
            await jobs.put_off(job.id, at)
            return
        letter = post.letter(created(job))
        if await jobs.say_again(job.id, at, letter):
            log.warning("job said again", job_id=job.id)
            post.send(jobs, job.id, letter)

    await together(say, quiet)
