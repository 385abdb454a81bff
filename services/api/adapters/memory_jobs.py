"""Jobs in memory, with the same compare-and-sets as in MongoDB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.api.adapters.memory_outbox import MemoryOutbox
from services.api.domain.ending import Delivered, Unpaid
from services.api.domain.job_page import JobPage
from services.api.domain.outbox import Letter
from services.api.domain.saying_again import quiet_for
from services.api.domain.storing import AlreadyStored, Inserted, Stored, Voided
from shared.contracts.records.job import JobRecord, JobStatus, Running, SettlementStatus
from shared.kernel.money import ZERO


class MemoryJobs(MemoryOutbox):
    """See :class:`services.api.ports.Jobs`."""

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[str, JobRecord] = {}
        self._void: set[str] = set()
        self._said: dict[str, tuple[datetime, int]] = {}

    async def insert(self, job: JobRecord, letter: Letter) -> Stored:
        if job.id in self._void:
            return Voided()
        if job.id in self._jobs:
            return AlreadyStored(self._jobs[job.id])
        self._jobs[job.id] = job
        self._said[job.id] = (job.created_at, 0)
        self._keep(job.id, letter)
        return Inserted()

    async def void(self, job_id: str, at: datetime) -> JobRecord | None:
        if job_id not in self._jobs:
            self._void.add(job_id)
        return self._jobs.get(job_id)

    def all(self) -> list[JobRecord]:
        """Every job there is."""
        return list(self._jobs.values())

    async def find(self, job_id: str) -> JobRecord | None:
        return self._jobs.get(job_id)

    async def find_of(self, buyer_id: str, job_id: str) -> JobRecord | None:
        job = self._jobs.get(job_id)
        return job if job is not None and job.buyer_id == buyer_id else None

    async def page_of(self, buyer_id: str, page: JobPage) -> list[JobRecord]:
        mine = [job for job in self._jobs.values() if job.buyer_id == buyer_id]
        wanted = [
            job
            for job in mine
            if (page.status is None or job.status is page.status)
            and (page.after is None or (job.created_at, job.id) < page.after)
        ]
        return sorted(wanted, key=lambda job: (job.created_at, job.id), reverse=True)[: page.limit]

    async def known(self, job_ids: Iterable[str]) -> dict[str, JobRecord]:
        return {job_id: self._jobs[job_id] for job_id in job_ids if job_id in self._jobs}

    async def note_routed(self, job_id: str, attempt: int) -> bool:
        job = self._live(job_id)
        if job is None or job.attempts >= attempt:
            return False
        status = JobStatus.SUBMITTED if job.status is JobStatus.QUEUED else job.status
        self._jobs[job_id] = replace(job, status=status, attempts=attempt, running=None)
        return True

    async def note_running(self, job_id: str, attempt: int, running: Running) -> bool:
        job = self._live(job_id)
        if job is None or job.attempts > attempt or (job.attempts == attempt and job.running is not None):
            return False
        self._jobs[job_id] = replace(job, status=JobStatus.RUNNING, attempts=attempt, running=running)
        return True

    async def request_cancel(self, job_id: str, at: datetime, letter: Letter) -> bool:
        job = self._live(job_id)
        if job is None or job.cancel_requested_at is not None:
            return False
        self._jobs[job_id] = replace(job, cancel_requested_at=at)
        self._keep(job_id, letter)
        return True

    async def end(self, job_id: str, ending: Delivered | Unpaid) -> JobRecord | None:
        job = self._live(job_id)
        if job is None or (isinstance(ending, Unpaid) and _loses(ending, job)):
            return None
        self._jobs[job_id] = _delivered(job, ending) if isinstance(ending, Delivered) else _unpaid(job, ending)
        return self._jobs[job_id]

    async def confirm(self, job_id: str, status: SettlementStatus, letter: Letter) -> bool:
        job = self._jobs.get(job_id)
        if job is None or not job.ended or job.settlement_status is not SettlementStatus.PENDING:
            return False
        self._jobs[job_id] = replace(job, settlement_status=status)
        self._keep(job_id, letter)
        return True

    async def expire_result(self, job_id: str, index: int) -> bool:
        job = self._jobs.get(job_id)
        if job is None or not any(result.index == index and not result.expired for result in job.results):
            return False
        results = tuple(replace(each, expired=each.expired or each.index == index) for each in job.results)
        self._jobs[job_id] = replace(job, results=results)
        return True

    async def unsettled(self, before: datetime, limit: int) -> list[JobRecord]:
        pending = [job for job in self._jobs.values() if job.settlement_status is SettlementStatus.PENDING]
        return [job for job in pending if job.ended_at is not None and job.ended_at < before][:limit]

    async def overdue(self, kind: str, before: datetime, limit: int) -> list[JobRecord]:
        live = [job for job in self._jobs.values() if not job.ended and job.kind == kind and job.expires_at < before]
        return sorted(live, key=lambda job: job.expires_at)[:limit]

    async def oldest(self) -> datetime | None:
        live = [job for job in self._jobs.values() if not job.ended]
        return min(live, key=lambda job: job.expires_at).created_at if live else None

    async def quiet(self, at: datetime, limit: int) -> list[JobRecord]:
        return [job for job in self._jobs.values() if self._quiet(job, at)][:limit]

    async def say_again(self, job_id: str, at: datetime, letter: Letter) -> bool:
        if not self._quiet(self._jobs[job_id], at):
            return False
        await self.put_off(job_id, at)
        self._keep(job_id, letter)
        return True

    async def put_off(self, job_id: str, at: datetime) -> None:
        if self._quiet(self._jobs[job_id], at):
            _, times = self._said[job_id]
            self._said[job_id] = (at, times + 1)

    def _quiet(self, job: JobRecord, at: datetime) -> bool:
        said_at, times = self._said[job.id]
        queued = job.status is JobStatus.QUEUED and not self._has_unsent(job.id)
        return queued and said_at < at - quiet_for(times)

    def _live(self, job_id: str) -> JobRecord | None:
        job = self._jobs.get(job_id)
        return None if job is None or job.ended else job


def _loses(ending: Unpaid, job: JobRecord) -> bool:
    return ending.status is not JobStatus.CANCELED and job.cancel_requested_at is not None


def _delivered(job: JobRecord, ending: Delivered) -> JobRecord:
    return replace(
        job,
        status=JobStatus.SUCCEEDED,
        ended_at=ending.at,
        results=ending.results,
        winner=ending.winner,
        seller_cost=ending.seller_cost,
        buyer_cost=ending.buyer_cost,
    )


def _unpaid(job: JobRecord, ending: Unpaid) -> JobRecord:
    return replace(
        job,
        status=ending.status,
        ended_at=ending.at,
        error=ending.error,
        attempts=max(job.attempts, ending.attempts),
        seller_cost=ZERO,
        buyer_cost=ZERO,
    )
