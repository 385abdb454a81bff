"""Find jobs that should have moved by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.ports import Jobs
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import Clock
from shared.market.kinds import Kind

BY_RIGHTS: Final = timedelta(seconds=30)
"""How much later than promised is not yet worth a look: the sweeps come round in that time."""
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Stuck:
    """A job and what it should have done."""

    job: JobRecord
    why: str


async def find_stuck_jobs(*, jobs: Jobs, kinds: Mapping[str, Kind], clock: Clock) -> Sequence[Stuck]:
    """Jobs past their deadline that have not ended, and ended ones whose money has not moved."""
    now = clock.now()
    found = [
        Stuck(job, "not ended in time")
        for kind in kinds.values()
        for job in await jobs.overdue(kind.name, now - kind.end_grace - BY_RIGHTS, MOST)
    ]
    return [*found, *(Stuck(job, "not settled") for job in await jobs.unsettled(now - BY_RIGHTS, MOST))]
