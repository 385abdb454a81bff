"""One page of a buyer's jobs, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.records.job import JobRecord, JobStatus


@dataclass(frozen=True, slots=True)
class JobPage:
    """At most ``limit`` jobs older than ``after`` (created at that instant with that id), of that status."""

    limit: int
    after: tuple[datetime, str] | None = None
    status: JobStatus | None = None


@dataclass(frozen=True, slots=True)
class JobList:
    """What one page found; ``has_more`` when older ones follow."""

    jobs: tuple[JobRecord, ...]
    has_more: bool
