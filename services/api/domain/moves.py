"""How a job moves.  Status never goes back, an ended job never moves, and news of an older attempt is no news."""

from __future__ import annotations

from enum import StrEnum

from shared.contracts.records.job import JobRecord


class Move(StrEnum):
    """What became of a piece of news about a job."""

    MADE = "made"
    REPEATED = "repeated"
    """The job already stood there."""
    SUPERSEDED = "superseded"
    """A newer attempt is under way."""
    TOO_LATE = "too_late"
    """The job had ended."""
    NO_SUCH_JOB = "no_such_job"
    """Purged, or never a job of ours."""


def missed(job: JobRecord | None, attempt: int) -> Move:
    """Why news of ``attempt`` changed nothing, told from the job as it is now."""
    if job is None:
        return Move.NO_SUCH_JOB
    if job.ended:
        return Move.TOO_LATE
    return Move.SUPERSEDED if attempt < job.attempts else Move.REPEATED
