"""End a job for which no attempt will follow."""

from collections.abc import Sequence

import structlog

from services.api.domain.ending import Unpaid, unpaid
from services.api.handlers.end_job import end_job
from services.api.handlers.settle_job import Settling
from shared.contracts.event import Event
from shared.contracts.job_events import JobUnroutable
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import in_millis

log = structlog.get_logger(__name__)


async def end_unroutable(unroutable: JobUnroutable, *, world: Settling) -> Sequence[Event]:
    """The job fails, expires or is canceled, as the router's code and the buyer's wish say, and its hold goes back."""
    at = in_millis(world.clock.now())

    def ended(job: JobRecord) -> Unpaid:
        return unpaid(job, unroutable.code, unroutable.message, at, attempts=unroutable.attempts)

    move = await end_job(unroutable.job_id, ended, world=world)
    log.info("job unroutable", move=move.value)
    return ()
