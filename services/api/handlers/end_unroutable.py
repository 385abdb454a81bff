"""End a job for which no attempt will follow."""

from collections.abc import Sequence

import structlog

from services.api.domain.ending import Unpaid, unpaid
from services.api.domain.moves import Move
from services.api.handlers.end_job import end_job
from services.api.handlers.settle_job import Settling
from services.api.ports import Attempts
from shared.contracts.event import Event
from shared.contracts.job_events import JobUnroutable
from shared.contracts.records.attempt import OPEN
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis

log = structlog.get_logger(__name__)


async def end_unroutable(unroutable: JobUnroutable, *, world: Settling, attempts: Attempts) -> Sequence[Event]:
    """The job fails, expires or is canceled, as the router's code and the buyer's wish say, and its hold goes back.

    Old news, from before an attempt that is still under way, ends nothing: that attempt decides.
    """
    if await _overtaken(unroutable, attempts):
        log.warning("job unroutable", move=Move.SUPERSEDED.value)
        return ()
    at = in_millis(world.clock.now())

    def ended(job: JobRecord) -> Unpaid:
        return unpaid(job, unroutable.code, unroutable.message, at, attempts=unroutable.attempts)

    move = await end_job(unroutable.job_id, ended, world=world)
    log.info("job unroutable", move=move.value)
    return ()


async def _overtaken(unroutable: JobUnroutable, attempts: Attempts) -> bool:
    """Whether the job's latest attempt is open, and one that the news does not count."""
    number = unroutable.attempts + 1
    latest = None
    while (later := await attempts.find(unroutable.job_id, number)) is not None:
        latest = later
        number += 1
    return latest is not None and latest.state in OPEN
