"""A job as its owner, api, keeps it and others read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from shared.contracts.records.document import Document, optional_money
from shared.kernel.money import Money
from shared.market.parameters import Parameters

COLLECTION: Final = "jobs"


class JobStatus(StrEnum):
    """Where a job stands; the last four never change again."""

    QUEUED = "queued"
    SUBMITTED = "submitted"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    VOID = "void"
    """Not a job: marks an id whose hold was released before any job was stored."""


ENDED: Final = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.EXPIRED})
LIVE: Final = (JobStatus.QUEUED, JobStatus.SUBMITTED, JobStatus.RUNNING)


class SettlementStatus(StrEnum):
    """What became of the hold."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Result:
    """One stored output; ``expired`` once retention took it away."""

    index: int
    key: str
    content_type: str
    bytes: int
    sha256: str
    duration: timedelta
    retained_until: datetime
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """When the provider began, and how long it says that such jobs take."""

    started_at: datetime
    expected: timedelta | None


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job ended without audio."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Winner:
    """Whose audio the buyer got."""

    attempt: int
    offer_id: str
    seller_id: str


@dataclass(frozen=True, slots=True)
class JobRecord:
    """Everything others may know of a job."""

    id: str
    kind: str
    buyer_id: str
    status: JobStatus
    parameters: Parameters
    minimum_discount: int | None
    reference_cost: Money | None
    estimated_cost: Money
    max_cost: Money
    fee_bps: int
    created_at: datetime
    expires_at: datetime
    metadata: str | None
    """The buyer's object, as the JSON text it came in."""
    webhook_url: str | None
    token_key_id: str
    """Names the signing secret that made the job token."""
    cancel_requested_at: datetime | None = None
    attempts: int = 0
    running: Running | None = None
    results: tuple[Result, ...] = ()
    error: JobError | None = None
    settlement_status: SettlementStatus = SettlementStatus.PENDING
    seller_cost: Money | None = None
    buyer_cost: Money | None = None
    ended_at: datetime | None = None
    winner: Winner | None = None
    """Set when the job has succeeded."""

    @property
    def ended(self) -> bool:
        """Whether the status is terminal."""
        return self.status in ENDED


def read_job(document: Document) -> JobRecord:
    """The record of a stored job (never of a void id)."""
    return JobRecord(
        id=document["_id"],
        kind=document["kind"],
        buyer_id=document["buyer_id"],
        status=JobStatus(document["status"]),
        parameters=Parameters(**document["parameters"]),
        minimum_discount=document["minimum_discount"],
        reference_cost=optional_money(document, "reference_cost"),
        estimated_cost=Money(document["estimated_cost"]),
        max_cost=Money(document["max_cost"]),
        fee_bps=document["fee_bps"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        metadata=document["metadata"],
        webhook_url=document["webhook_url"],
        token_key_id=document["token_key_id"],
        cancel_requested_at=document.get("cancel_requested_at"),
        attempts=document.get("attempts", 0),
        running=_running(document.get("running")),
        results=tuple(_result(item) for item in document.get("results", ())),
        error=_error(document.get("error")),
        settlement_status=SettlementStatus(document["settlement_status"]),
        seller_cost=optional_money(document, "seller_cost"),
        buyer_cost=optional_money(document, "buyer_cost"),
        ended_at=document.get("ended_at"),
        winner=_winner(document.get("winner")),
    )


def _running(document: Document | None) -> Running | None:
    if document is None:
        return None
    seconds = document["expected_seconds"]
    return Running(document["started_at"], None if seconds is None else timedelta(seconds=seconds))


def _result(document: Document) -> Result:
    return Result(
        index=document["index"],
        key=document["key"],
        content_type=document["content_type"],
        bytes=document["bytes"],
        sha256=document["sha256"],
        duration=timedelta(milliseconds=document["duration_millis"]),
        retained_until=document["retained_until"],
        expired=document.get("expired", False),
    )


def _error(document: Document | None) -> JobError | None:
    return None if document is None else JobError(document["code"], document["message"])


def _winner(document: Document | None) -> Winner | None:
    return None if document is None else Winner(document["attempt"], document["offer_id"], document["seller_id"])


def result_document(result: Result) -> dict[str, Any]:
    """The stored form of a result, as its owner writes it."""
    return {
        "index": result.index,
        "key": result.key,
        "content_type": result.content_type,
        "bytes": result.bytes,
        "sha256": result.sha256,
        "duration_millis": round(result.duration / timedelta(milliseconds=1)),
        "retained_until": result.retained_until,
        "expired": result.expired,
    }
