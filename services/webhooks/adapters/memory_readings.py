"""What others own and webhooks reads, in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from shared.contracts.records.job import JobRecord
from shared.kernel.secret import Secret


class MemoryJobs:
    """See :class:`services.webhooks.ports.Jobs`."""

    def __init__(self) -> None:
        self._jobs: dict[str, JobRecord] = {}

    def put(self, *jobs: JobRecord) -> None:
        """Store jobs, or what has become of them."""
        self._jobs |= {job.id: job for job in jobs}

    def purge(self, job_id: str) -> None:
        """Forget a job."""
        del self._jobs[job_id]

    async def find(self, job_id: str) -> JobRecord | None:
        return self._jobs.get(job_id)

    async def ended(self, since: datetime, *, before: datetime) -> AsyncIterator[JobRecord]:
        ended = [
            (job.ended_at, job.id)
            for job in self._jobs.values()
            if job.ended and job.webhook_url is not None and job.ended_at is not None and since <= job.ended_at < before
        ]
        for _, job_id in sorted(ended):
            yield self._jobs[job_id]


class MemorySecrets:
    """See :class:`services.webhooks.ports.Secrets`."""

    def __init__(self) -> None:
        self._current: dict[str, list[Secret]] = {}

    def put(self, buyer_id: str, *current: Secret) -> None:
        """Say which secrets sign now, the newest first."""
        self._current[buyer_id] = list(current)

    async def current(self, buyer_id: str) -> Sequence[Secret]:
        return self._current.get(buyer_id, ())
