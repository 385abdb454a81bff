"""Note that a job's provider was seen at work."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from services.api.domain.moves import Move, missed
from services.api.ports import Jobs
from shared.contracts.event import Event
from shared.contracts.job_events import JobRunning
from shared.contracts.records.job import Running

log = structlog.get_logger(__name__)


async def note_running(running: JobRunning, *, jobs: Jobs) -> Sequence[Event]:
    """The job runs, with what its progress is told from.  The sign of life that repeats it changes nothing."""
    expected = None if running.expected_seconds is None else timedelta(seconds=running.expected_seconds)
    move = Move.MADE
    if not await jobs.note_running(running.job_id, running.attempt, Running(running.started_at, expected)):
        move = missed(await jobs.find(running.job_id), running.attempt)
    log.info("job running", move=move.value)
    return ()
