"""Attempts in memory, for tests of what is built on them.  They pass the same suite as those in MongoDB."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.router.domain.closing import ABANDONED, Closing, sources
from services.router.ports import INTENT_LIVES, Saved
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.clock import Clock, in_millis


@dataclass(frozen=True, slots=True)
class Kept:
    """An attempt with what only sweeps look at."""

    record: AttemptRecord
    current: bool = True
    watched_at: datetime | None = None


class MemoryAttempts:
    """See :class:`services.router.ports.Attempts` and :class:`services.router.ports.Leftovers`.

    The clock stands for the database's own.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    async def of_job(self, job_id: str) -> Sequence[AttemptRecord]:
        found = [kept.record for kept in self._kept.values() if kept.record.job_id == job_id]
        return sorted(found, key=lambda attempt: attempt.number)

    async def with_ids(self, attempt_ids: Sequence[str]) -> Mapping[str, AttemptRecord]:
        return {name: self._kept[name].record for name in attempt_ids if name in self._kept}

    async def intend(self, attempt: AttemptRecord) -> AttemptRecord | None:
        known = self._kept.get(attempt.id)
        if known is not None:
            return known.record if known.record.reservation_id == attempt.reservation_id else None
        return self._put(Kept(replace(attempt, intended_at=self._now()))).record

    async def drop(self, attempt: AttemptRecord) -> bool:
        kept = self._same(attempt)
        if kept is None or kept.record.state is not AttemptState.INTENDED:
            return False
        del self._kept[attempt.id]
        return True

    async def submitted(self, attempt: AttemptRecord, provider_job_id: str, routed_at: datetime) -> Saved:
        kept = self._kept[attempt.id]
        holder = await self.holder_of(attempt.seller_id, provider_job_id)
        if holder is not None and holder.id != attempt.id:
            return Saved.TAKEN
        if kept.record.provider_job_id == provider_job_id:
            return Saved.STORED if kept.record.state is AttemptState.SUBMITTED else Saved.SUPERSEDED
        record = replace(kept.record, provider_job_id=provider_job_id)
        if record.state is not AttemptState.INTENDED:
            self._put(replace(kept, record=record))
            return Saved.SUPERSEDED
        record = replace(record, state=AttemptState.SUBMITTED, routed_at=routed_at)
        self._put(replace(kept, record=record, watched_at=self._now()))
        for other in await self.of_job(attempt.job_id):
            if other.number < attempt.number:
                self._put(replace(self._kept[other.id], current=False))
        return Saved.STORED

    async def close(self, attempt: AttemptRecord, closing: Closing) -> bool:
        kept = self._same(attempt)
        if kept is None or kept.record.state not in sources(closing.state):
            return False
        closed = replace(
            kept.record, state=closing.state, code=closing.code, reason=closing.reason, closed_at=self._now()
        )
        self._put(replace(kept, record=closed))
        return True

    async def abandon(self, attempt: AttemptRecord) -> bool:
        kept = self._same(attempt)
        if kept is None or kept.record.intended_at > self._now() - INTENT_LIVES:
            return False
        return await self.close(attempt, ABANDONED) if kept.record.state is AttemptState.INTENDED else False

    async def seen(self, job_id: str, number: int) -> bool:
        kept = self._kept.get(f"{job_id}:{number}")
        if kept is None or kept.record.state is not AttemptState.SUBMITTED:
            return False
        now = self._now()
        self._put(replace(kept, record=replace(kept.record, seen_at=now), watched_at=now))
        return True

    async def holder_of(self, seller_id: str, provider_job_id: str) -> AttemptRecord | None:
        for kept in self._kept.values():
            if (kept.record.seller_id, kept.record.provider_job_id) == (seller_id, provider_job_id):
                return kept.record
        return None

    async def ended(self, job_id: str) -> None:
        for attempt in await self.of_job(job_id):
            self._put(replace(self._kept[attempt.id], current=False))

    async def stale_intents(self, most: int) -> Sequence[str]:
        before = self._now() - INTENT_LIVES
        return self._jobs(
            [
                (kept.record.intended_at, kept.record.job_id)
                for kept in self._kept.values()
                if kept.record.state is AttemptState.INTENDED and kept.record.intended_at < before
            ],
            most,
        )

    async def undecided(
        self, older_than: timedelta, most: int, *, without: Container[str] = frozenset()
    ) -> Sequence[str]:
        before = self._now() - older_than
        return self._jobs(
            [
                (kept.record.closed_at, kept.record.job_id)
                for kept in self._kept.values()
                if kept.current and kept.record.closed_at is not None and kept.record.closed_at < before
            ],
            most,
            without,
        )

    async def overdue(self, by: timedelta, most: int) -> Sequence[str]:
        before = self._now() - by
        return self._jobs(
            [
                (kept.record.expires_at, kept.record.job_id)
                for kept in self._kept.values()
                if kept.current and kept.record.expires_at < before
            ],
            most,
        )

    async def claim_unwatched(self, silent_for: timedelta) -> AttemptRecord | None:
        now = self._now()
        for kept in self._kept.values():
            record = kept.record
            if record.state is not AttemptState.SUBMITTED or record.expires_at <= now:
                continue
            if kept.watched_at is not None and kept.watched_at < now - silent_for:
                return self._put(replace(kept, watched_at=now)).record
        return None

    def _now(self) -> datetime:
        return in_millis(self._clock.now())

    def _put(self, kept: Kept) -> Kept:
        self._kept[kept.record.id] = kept
        return kept

    def _same(self, attempt: AttemptRecord) -> Kept | None:
        kept = self._kept.get(attempt.id)
        return kept if kept is not None and kept.record.reservation_id == attempt.reservation_id else None

    @staticmethod
    def _jobs(found: Sequence[tuple[datetime, str]], most: int, without: Container[str] = frozenset()) -> Sequence[str]:
        return list(dict.fromkeys(job_id for _, job_id in sorted(found) if job_id not in without))[:most]
