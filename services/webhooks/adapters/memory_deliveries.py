"""The timetable of deliveries in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.webhooks.domain.answer import Delivered, Exhausted, RetryAfter, Verdict
from services.webhooks.domain.delivery import Claimed, Delivery, Due, Outcome
from services.webhooks.ports import Concluded
from shared.contracts.records.delivery import DeliveryAttempt, DeliveryRecord, DeliveryState
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


@dataclass(slots=True)
class _Row:
    delivery: Delivery
    created_at: datetime
    next_attempt_at: datetime | None
    state: DeliveryState = DeliveryState.PENDING
    log: list[DeliveryAttempt] = field(default_factory=list)
    token: str | None = None
    steps: int = 0
    by_hand: bool = False
    retry_wanted: bool = False
    retry_requests: list[str] = field(default_factory=list)
    untold_since: datetime | None = None

    def due(self, at: datetime) -> bool:
        return self.state is DeliveryState.PENDING and self.next_attempt_at is not None and self.next_attempt_at <= at

    def move(self, verdict: Verdict, at: datetime) -> None:
        match verdict:
            case Delivered():
                self.state, self.next_attempt_at, self.untold_since = DeliveryState.SUCCEEDED, None, at
            case RetryAfter(wait):
                self.next_attempt_at = at + wait
            case Exhausted():
                self.state, self.next_attempt_at, self.untold_since = DeliveryState.EXHAUSTED, None, at


class MemoryDeliveries:
    """See :class:`services.webhooks.ports.Deliveries`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[str, _Row] = {}

    async def add(self, delivery: Delivery) -> bool:
        if delivery.id in self._rows:
            return False
        now = self._clock.now()
        self._rows[delivery.id] = _Row(delivery, created_at=now, next_attempt_at=now)
        return True

    async def missing(self, delivery_ids: Collection[str]) -> set[str]:
        return set(delivery_ids) - set(self._rows)

    async def due(self, *, past_hosts: Collection[str], limit: int) -> Sequence[Due]:
        now = self._clock.now()
        due = [row for row in self._rows.values() if row.due(now) and row.delivery.host not in past_hosts]
        due.sort(key=lambda row: row.next_attempt_at or now)
        return [Due(row.delivery.id, row.delivery.host, now - (row.next_attempt_at or now)) for row in due[:limit]]

    async def claim(self, delivery_id: str, *, lease: timedelta) -> Claimed | None:
        now, row = self._clock.now(), self._rows.get(delivery_id)
        if row is None or not row.due(now):
            return None
        row.next_attempt_at, row.token, row.retry_wanted = now + lease, new_id(), False
        return Claimed(row.delivery, len(row.log) + 1, row.token, None, row.steps + (not row.by_hand))

    async def conclude(self, claimed: Claimed, made: DeliveryAttempt, verdict: Verdict) -> Concluded:
        row = self._rows.get(claimed.delivery.id)
        if row is None or row.token != claimed.token:
            return Concluded.OVERTAKEN
        replaced = row.retry_wanted and not isinstance(verdict, Delivered)
        row.log.append(made)
        row.steps += not row.by_hand
        row.token, row.retry_wanted, row.by_hand = None, False, replaced
        row.move(RetryAfter(timedelta(), "") if replaced else verdict, self._clock.now())
        return Concluded.REPLACED if replaced else Concluded.NOTED

    async def retry(self, delivery_id: str, buyer_id: str, request_id: str) -> bool:
        row = self._rows.get(delivery_id)
        if row is None or row.delivery.buyer_id != buyer_id:
            return False
        if request_id in row.retry_requests:
            return True
        now = self._clock.now()
        row.retry_requests.append(request_id)
        if row.token is not None and row.next_attempt_at is not None and row.next_attempt_at > now:
            row.retry_wanted = True
            return True
        row.state, row.next_attempt_at, row.token, row.untold_since = DeliveryState.PENDING, now, None, None
        row.by_hand = True
        return True

    async def untold(self, *, for_at_least: timedelta, limit: int) -> Sequence[Outcome]:
        long_ago = self._clock.now() - for_at_least
        rows = [row for row in self._rows.values() if row.untold_since is not None and row.untold_since <= long_ago]
        return [
            Outcome(row.delivery.id, row.delivery.buyer_id, row.state, len(row.log), row.log[-1].error)
            for row in rows[:limit]
        ]

    async def told(self, outcome: Outcome) -> None:
        row = self._rows[outcome.delivery_id]
        if (row.state, len(row.log)) == (outcome.state, outcome.attempts):
            row.untold_since = None

    def record(self, delivery_id: str) -> DeliveryRecord:
        """The delivery as others may read it."""
        row = self._rows[delivery_id]
        return DeliveryRecord(
            id=delivery_id,
            buyer_id=row.delivery.buyer_id,
            job_id=row.delivery.job_id,
            type=row.delivery.type,
            url=row.delivery.url,
            state=row.state,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at,
            attempts=len(row.log),
            log=tuple(row.log),
        )
