"""Measure what is under way: how old the oldest job is, and how much waits to be said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.api.domain.backlog import MOST, Backlog
from services.api.ports import Jobs, Outbox
from shared.kernel.clock import Clock

COUNTED_TO: Final = 2 * MOST


async def measure_work(*, jobs: Jobs, outboxes: Sequence[Outbox], backlog: Backlog, clock: Clock) -> timedelta:
    """Count the backlog, far enough to know that it is full, and give the age of the oldest live job, or nothing."""
    backlog.unsaid = sum([await outbox.backlog(COUNTED_TO) for outbox in outboxes])
    oldest = await jobs.oldest()
    return timedelta(0) if oldest is None else max(timedelta(0), clock.now() - oldest)
