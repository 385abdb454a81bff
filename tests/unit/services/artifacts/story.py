"""One job whose audio is waiting at its provider, and the values that tests of it need."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.artifacts.domain.copies import Copy, copy_of
from services.artifacts.domain.output import Audio
from shared.contracts.job_events import JobExpired, JobGenerated, JobSucceeded
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.money import Money
from shared.market.parameters import Parameters

AT = datetime(2027, 1, 15, 8, tzinfo=UTC)
SECONDS = 10
AUDIO = Audio("async-media/job/0.mp3", "audio/mpeg", 1234, "ab" * 32, timedelta(seconds=SECONDS))


def generated(
    attempt: int = 1, *, job_id: str = "job", expires_at: datetime = AT + timedelta(minutes=15)
) -> JobGenerated:
    """The news that an attempt's audio is ready."""
    return JobGenerated(
        job_id=job_id,
        kind="music",
        attempt=attempt,
        offer_id=f"offer-{attempt}",
        seller_id="seller",
        provider="venice",
        base_url="https://provider.example/api/v1",
        key_id="key",
        model="venice-ace-step-15",
        provider_model="ace-step-15",
        provider_job_id=f"$theirs-{job_id}-{attempt}",
        routed_at=AT,
        expires_at=expires_at,
        content_type="audio/mpeg",
    )


def copy(attempt: int = 1, *, job_id: str = "job") -> Copy:
    """What that attempt's provider has."""
    return copy_of(generated(attempt, job_id=job_id))


def job(status: JobStatus = JobStatus.RUNNING, **changes: Any) -> JobRecord:
    """The job as api keeps it."""
    fields: dict[str, Any] = {
        "id": "job",
        "kind": "music",
        "buyer_id": "buyer",
        "status": status,
        "parameters": Parameters("venice-ace-step-15", "rain", duration_seconds=SECONDS),
        "minimum_discount": None,
        "reference_cost": Money(30_000),
        "estimated_cost": Money(21_000),
        "max_cost": Money(23_100),
        "fee_bps": 0,
        "created_at": AT,
        "expires_at": AT + timedelta(minutes=15),
        "metadata": None,
        "webhook_url": None,
        "token_key_id": "1",
    }
    return JobRecord(**fields | changes)


def succeeded(job_id: str = "job") -> JobSucceeded:
    """The ending that is paid for."""
    return JobSucceeded(
        job_id=job_id,
        kind="music",
        buyer_id="buyer",
        model="venice-ace-step-15",
        attempts=1,
        ended_at=AT,
        settlement_status="confirmed",
        attempt=1,
        offer_id="offer-1",
        seller_id="seller",
        buyer_cost_usdc=Money(21_000),
        seller_cost_usdc=Money(21_000),
        duration_seconds=SECONDS,
    )


def expired(job_id: str = "job") -> JobExpired:
    """An ending without audio."""
    return JobExpired(
        job_id=job_id,
        kind="music",
        buyer_id="buyer",
        model="venice-ace-step-15",
        attempts=1,
        ended_at=AT,
        settlement_status="released",
        code="expired",
        message="the time was up",
    )
