"""Note that a provider accepted a job."""

from collections.abc import Sequence

import structlog

from services.api.domain.moves import Move, missed
from services.api.ports import Jobs
from shared.contracts.event import Event
from shared.contracts.job_events import JobRouted

log = structlog.get_logger(__name__)


async def note_routed(routed: JobRouted, *, jobs: Jobs) -> Sequence[Event]:
    """The job is submitted, in that attempt; late, repeated and superseded news changes nothing."""
    move = Move.MADE
    if not await jobs.note_routed(routed.job_id, routed.attempt):
        move = missed(await jobs.find(routed.job_id), routed.attempt)
    log.info("job routed", move=move.value)
    return ()
