"""Jobs that wait for a paused or busy offer.  The database is what remembers them; this only wakes them early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

CAPACITY: Final = 20_000
LEASE: Final = timedelta(seconds=60)
"""A job that was woken and neither left nor waits again is woken once more after this."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when a job waits, and for which model it wants an offer, where that is known."""

    until: datetime
    model_id: str | None


class WaitingRoom:
    """The jobs that wait in this process, each with the instant at which to ask the book again."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._waits: dict[str, Wait] = {}

    def enter(self, job_id: str, until: datetime, model_id: str | None = None) -> bool:
        """Wait until then; False when there is no room, and the job must be brought back otherwise."""
        if job_id not in self._waits and len(self._waits) >= self._capacity:
            return False
        self._waits[job_id] = Wait(until, model_id)
        return True

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._waits

    def hurry(self, model_id: str, at: datetime, most: int) -> None:
        """Let those who wait for an offer of that model wait no longer, those who came first; at most so many."""
        waiting = (job_id for job_id, wait in self._waits.items() if wait.model_id == model_id and wait.until > at)
        for job_id in list(islice(waiting, most)):
            self._waits[job_id] = Wait(at, model_id)

    def wake(self, at: datetime, most: int) -> list[str]:
        """At most so many jobs whose time has come, those due for longest first."""
        due = sorted((wait.until, job_id) for job_id, wait in self._waits.items() if wait.until <= at)[:most]
        for _, job_id in due:
            self._waits[job_id] = Wait(at + LEASE, None)
        return [job_id for _, job_id in due]

    def leave(self, job_id: str) -> None:
        """Wait no longer, if it did."""
        self._waits.pop(job_id, None)
