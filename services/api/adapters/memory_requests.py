"""Idempotency keys in memory; leases are by the clock given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.api.domain.claim import LEASE, Claim, Claimed, ClaimedElsewhere
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


@dataclass(slots=True)
class _Record:
    job_id: str
    fingerprint: str
    leased_until: datetime
    holder: str


class MemoryRequests:
    """See :class:`services.api.ports.Requests`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: dict[tuple[str, str], _Record] = {}

    async def claim(self, buyer_id: str, key: str, *, fingerprint: str, job_id: str) -> Claim:
        now = self._clock.now()
        record = self._records.get((buyer_id, key))
        holder = new_id()
        if record is None:
            self._records[buyer_id, key] = _Record(job_id, fingerprint, now + LEASE, holder)
            return Claimed(job_id, holder)
        if record.fingerprint == fingerprint and record.leased_until < now:
            record.leased_until, record.holder = now + LEASE, holder
            return Claimed(record.job_id, holder)
        return ClaimedElsewhere(record.job_id, record.fingerprint)

    async def free(self, buyer_id: str, key: str, claimed: Claimed) -> bool:
        record = self._records.get((buyer_id, key))
        if record is None or (record.job_id, record.holder) != (claimed.job_id, claimed.holder):
            return False
        del self._records[buyer_id, key]
        return True
