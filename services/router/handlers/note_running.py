"""Note that a provider was seen at work."""

from __future__ import annotations

from collections.abc import Sequence

from services.router.ports import Attempts
from shared.contracts.event import Event
from shared.contracts.job_events import JobRunning


async def note_running(running: JobRunning, *, attempts: Attempts) -> Sequence[Event]:
    """A sign of life keeps the sweep from handing the watch out again."""
    await attempts.seen(running.job_id, running.attempt)
    return ()
