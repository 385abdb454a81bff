"""What has lately been made, in memory, to be filled by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.api.ports import Volume
from shared.contracts.records.job import JobRecord, SettlementStatus
from shared.kernel.money import ZERO


class MemoryActivity:
    """See :class:`services.api.ports.Activity`."""

    def __init__(self) -> None:
        self._jobs: list[JobRecord] = []

    def put(self, job: JobRecord) -> None:
        """As if the job had come so far."""
        self._jobs.append(job)

    async def latest(self, limit: int) -> Sequence[JobRecord]:
        return sorted(self._paid(), key=_ended, reverse=True)[:limit]

    async def volumes(self, since: datetime) -> Mapping[str, Volume]:
        volumes: dict[str, Volume] = {}
        for job in self._paid():
            if _ended(job) >= since:
                before = volumes.get(job.parameters.model, Volume(0, ZERO))
                paid = before.paid + (job.buyer_cost or ZERO)
                volumes[job.parameters.model] = Volume(before.jobs + 1, paid)
        return volumes

    def _paid(self) -> list[JobRecord]:
        return [job for job in self._jobs if job.settlement_status is SettlementStatus.CONFIRMED and _traded(job)]


def _traded(job: JobRecord) -> bool:
    """Whether it was no provider of the buyer's own that made it."""
    return job.winner is None or job.winner.seller_id != job.buyer_id


def _ended(job: JobRecord) -> datetime:
    assert job.ended_at is not None
    return job.ended_at
