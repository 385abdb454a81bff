"""Jobs that wait for a paused or busy offer.  The database is what remembers them; this only wakes them early."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

CAPACITY: Final = 20_000
LEASE: Final = timedelta(seconds=60)
"""A job that was woken and neither left nor waits again is woken once more after this."""


class WaitingRoom:
    """The jobs that wait in this process, each with the instant at which to ask the book again."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._due: dict[str, datetime] = {}

    def enter(self, job_id: str, until: datetime) -> bool:
        """Wait until then; False when there is no room, and the job must be brought back otherwise."""
        if job_id not in self._due and len(self._due) >= self._capacity:
            return False
        self._due[job_id] = until
        return True

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._due

    def wake(self, at: datetime, most: int) -> list[str]:
        """At most so many jobs whose time has come, those due for longest first."""
        due = sorted((until, job_id) for job_id, until in self._due.items() if until <= at)[:most]
        for _, job_id in due:
            self._due[job_id] = at + LEASE
        return [job_id for _, job_id in due]

    def leave(self, job_id: str) -> None:
        """Wait no longer, if it did."""
        self._due.pop(job_id, None)
