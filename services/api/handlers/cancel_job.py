"""Cancel a job: at once while nobody has it, else as a wish that comes true unless audio is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from services.api.domain.ending import CANCELED, Unpaid, unpaid
from services.api.domain.job_token import Signing
from services.api.domain.reader import Reader
from services.api.handlers.end_job import end_job
from services.api.handlers.read_job import read_job
from services.api.handlers.settle_job import Settling
from services.api.ports import Attempts
from shared.contracts.job_events import JobCancelRequested
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis


@dataclass(frozen=True, slots=True)
class Canceling:
    """What cancelling needs."""

    settling: Settling
    attempts: Attempts
    signing: Signing


async def cancel_job(job_id: str, reader: Reader, *, world: Canceling) -> JobRecord:
    """The job as it is after the wish.  Repeating it, and cancelling an ended job, changes nothing.

    The wish is stored before attempts are looked for, and a router stores its intent
    before it looks for the wish: whoever is second sees the first.
    """
    jobs, post = world.settling.jobs, world.settling.post
    read = partial(read_job, job_id, reader, jobs=jobs, signing=world.signing)
    job = await read()
    if job.ended:
        return job
    at = in_millis(world.settling.clock.now())
    letter = post.letter(JobCancelRequested(job_id=job.id, kind=job.kind, buyer_id=job.buyer_id))
    if await jobs.request_cancel(job.id, at, letter):
        post.send(jobs, job.id, letter)
    if not await world.attempts.attempted([job.id]):

        def canceled(live: JobRecord) -> Unpaid:
            return unpaid(live, CANCELED, None, at)

        await end_job(job.id, canceled, world=world.settling)
    return await read()
