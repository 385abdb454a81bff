"""A delivery: one ending on its way to one URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.contracts.records.job import JobRecord
from shared.kernel.ids import derived_id

TEST_TYPE: Final = "webhook.test"

RETENTION: Final = timedelta(days=30)
"""How long a delivery is kept and can be sent again."""


class DeliveryState(StrEnum):
    """Whether the buyer has heard."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One ending (or a test) for one URL; ``id`` is the same however often the ending is heard."""

    id: str
    buyer_id: str
    job_id: str | None
    type: str
    url: str
    happened_at: datetime

    @property
    def message_id(self) -> str:
        """The ``webhook-id``: stable across attempts, so that a receiver can tell a repetition."""
        return f"msg_{derived_id(self.id).replace('-', '')}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery whose next attempt is ours to make, as long as nobody else holds ``token``."""

    delivery: Delivery
    attempt: int
    token: str


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """One line of a delivery's log.  The receiver's words are never part of it."""

    number: int
    at: datetime
    seconds: float
    status: int | None
    error: str | None


def of_job(job: JobRecord) -> Delivery | None:
    """The one delivery of an ended job; None where its buyer did not ask for any."""
    if job.webhook_url is None or job.ended_at is None:
        return None
    return Delivery(
        id=f"{job.id}:{job.status.value}",
        buyer_id=job.buyer_id,
        job_id=job.id,
        type=f"{job.kind}.generation.{job.status.value}",
        url=job.webhook_url,
        happened_at=job.ended_at,
    )
