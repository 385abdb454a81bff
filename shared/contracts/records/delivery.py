"""A webhook delivery as its owner, webhooks, keeps it and api shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.contracts.records.document import Document

COLLECTION: Final = "deliveries"


class DeliveryState(StrEnum):
    """Whether the buyer has heard."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    EXHAUSTED = "exhausted"
    """No attempt follows by itself; the buyer can ask for one."""


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One line of a delivery's log.  The receiver's own words are never part of it."""

    number: int
    at: datetime
    took: timedelta
    status: int | None
    """The HTTP status; None where no answer came."""
    error: str | None
    """Why it does not count as delivered; None where it does."""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """Everything others may know of a delivery."""

    id: str
    buyer_id: str
    job_id: str | None
    """None for a test."""
    type: str
    url: str
    state: DeliveryState
    created_at: datetime
    next_attempt_at: datetime | None
    """None once it is over.  During an attempt: when another would be made, were this one never to end."""
    attempts: int
    log: tuple[DeliveryAttempt, ...]
    """The latest attempts, oldest first."""


def read_delivery(document: Document) -> DeliveryRecord:
    """The record of a stored delivery."""
    return DeliveryRecord(
        id=document["_id"],
        buyer_id=document["buyer_id"],
        job_id=document["job_id"],
        type=document["type"],
        url=document["url"],
        state=DeliveryState(document["state"]),
        created_at=document["created_at"],
        next_attempt_at=document["next_attempt_at"],
        attempts=document["attempts"],
        log=tuple(_attempt(line) for line in document["log"]),
    )


def _attempt(line: Document) -> DeliveryAttempt:
    return DeliveryAttempt(
        line["number"], line["at"], timedelta(milliseconds=line["millis"]), line["status"], line["error"]
    )
