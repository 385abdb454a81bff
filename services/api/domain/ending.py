"""Endings: which of the four it is, and everything that is written when it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.api.domain.settlement import Settlement, release
from shared.contracts.job_events import Ending, JobCanceled, JobExpired, JobFailed, JobSucceeded, UnpaidEnding
from shared.contracts.job_view import whole_seconds
from shared.contracts.records.job import JobError, JobRecord, JobStatus, Result, SettlementStatus, Winner
from shared.kernel.money import Money

CANCELED: Final = "canceled"
EXPIRED: Final = "expired"
NEVER_SUBMITTED: Final = "expired_before_submission"

_MESSAGES: Final = {
    CANCELED: "the job was canceled",
    EXPIRED: "the job did not finish in time",
    NEVER_SUBMITTED: "the job's time was up before anybody could take it",
}
_STATUS_OF: Final = {CANCELED: JobStatus.CANCELED, EXPIRED: JobStatus.EXPIRED, NEVER_SUBMITTED: JobStatus.EXPIRED}
_EVENT_OF: Final[dict[JobStatus, type[UnpaidEnding]]] = {
    JobStatus.FAILED: JobFailed,
    JobStatus.CANCELED: JobCanceled,
    JobStatus.EXPIRED: JobExpired,
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """Audio is stored: the job succeeds and is paid for."""

    at: datetime
    results: tuple[Result, ...]
    winner: Winner
    seller_cost: Money
    buyer_cost: Money


@dataclass(frozen=True, slots=True)
class Unpaid:
    """No audio will come: the job fails, is canceled or expires, and the hold goes back."""

    at: datetime
    status: JobStatus
    error: JobError
    attempts: int


def unpaid(job: JobRecord, code: str, message: str | None, at: datetime, *, attempts: int = 0) -> Unpaid:
    """How ``job`` ends without audio: canceled whenever its buyer had asked for that, else as ``code`` says."""
    if job.cancel_requested_at is not None:
        code, message = CANCELED, None
    status = _STATUS_OF.get(code, JobStatus.FAILED)
    return Unpaid(at, status, JobError(code, message or _MESSAGES.get(code, code)), max(attempts, job.attempts))


def timed_out(job: JobRecord, at: datetime) -> Unpaid:
    """How ``job`` ends when its time is up."""
    return unpaid(job, EXPIRED if job.attempts else NEVER_SUBMITTED, None, at)


def settlement_of(job: JobRecord) -> tuple[Settlement, SettlementStatus]:
    """What the money of an ended job must do, read from the job alone, so that anyone can drive it on."""
    if job.status is not JobStatus.SUCCEEDED:
        return release(job.max_cost), SettlementStatus.RELEASED
    assert job.winner is not None and job.buyer_cost is not None and job.seller_cost is not None
    settlement = Settlement(
        job.winner.seller_id, job.seller_cost, job.buyer_cost - job.seller_cost, job.max_cost - job.buyer_cost
    )
    return settlement, SettlementStatus.CONFIRMED


def ending_of(job: JobRecord) -> Ending:
    """The fact to say of an ended job once its money has moved."""
    _, settlement_status = settlement_of(job)
    assert job.ended_at is not None
    told = {
        "job_id": job.id,
        "kind": job.kind,
        "buyer_id": job.buyer_id,
        "model": job.parameters.model,
        "attempts": job.attempts,
        "ended_at": job.ended_at,
        "settlement_status": settlement_status.value,
    }
    if job.status is JobStatus.SUCCEEDED:
        return JobSucceeded.model_validate(told | _paid(job))
    assert job.error is not None
    return _EVENT_OF[job.status].model_validate(told | {"code": job.error.code, "message": job.error.message})


def _paid(job: JobRecord) -> dict[str, object]:
    assert job.winner is not None
    return {
        "attempt": job.winner.attempt,
        "offer_id": job.winner.offer_id,
        "seller_id": job.winner.seller_id,
        "buyer_cost_usdc": job.buyer_cost,
        "seller_cost_usdc": job.seller_cost,
        "duration_seconds": whole_seconds(job.results[0].duration),
    }
