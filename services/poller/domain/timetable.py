"""When a job is looked at: instants counted from its hand-over, the same whoever watches it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from shared.market.kinds import LookSchedule


def timetable(looks: LookSchedule, job_id: str, routed_at: datetime) -> Iterator[datetime]:
    """Every instant at which the job is due for a look, without end.

    The spread comes from the job's id, so a watch that moves to another process keeps its place, and
    jobs handed over together are not looked at together.
    """
    spread = Random(job_id).random  # noqa: S311 - it spreads load, it hides nothing
    due = routed_at
    for look in count(1):
        due += looks.wait(look, spread)
        yield due


def next_due(timetable: Iterator[datetime], *, at: datetime, after: timedelta | None, expires_at: datetime) -> datetime:
    """The next instant of the timetable past ``at``, and past ``after`` more if the provider asks for it.

    Never later than ``expires_at``, when the last look is made.
    """
    earliest = at + (after or timedelta())
    if earliest >= expires_at:
        return expires_at
    return min(next(due for due in timetable if due > earliest), expires_at)
