"""Ordinary deliveries, jobs and endings, to be varied by whoever tests with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.webhooks.domain.delivery import Claimed, Delivery
from shared.contracts.job_events import JobSucceeded
from shared.contracts.records.delivery import DeliveryAttempt
from shared.contracts.records.job import JobRecord, JobStatus, Result, SettlementStatus, Winner
from shared.kernel.ids import derived_id, new_id
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.parameters import Parameters

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
BUYER = derived_id("a buyer")
SECRET = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
OLDER_SECRET = Secret("whsec_" + "b2xkZXI=" * 4)
URL = "https://receiver.example/hook"


def middle() -> float:
    """The number at which jitter moves nothing."""
    return 0.5


def delivery(**changes: Any) -> Delivery:
    ordinary = Delivery(f"{new_id()}:succeeded", BUYER, new_id(), "music.generation.succeeded", URL, AT)
    return replace(ordinary, **changes)


def claimed(**changes: Any) -> Claimed:
    return replace(Claimed(delivery(), 1, new_id(), None), **changes)


def attempt(number: int = 1, *, status: int | None = 200, error: str | None = None) -> DeliveryAttempt:
    return DeliveryAttempt(number, AT, timedelta(milliseconds=120), status, error)


def job(**changes: Any) -> JobRecord:
    """A job that succeeded, paid for, with a webhook URL."""
    job_id = new_id()
    ordinary = JobRecord(
        id=job_id,
        kind="music",
        buyer_id=BUYER,
        status=JobStatus.SUCCEEDED,
        parameters=Parameters("venice-ace-step-15", "a quiet tune", duration_seconds=60),
        minimum_discount=20,
        reference_cost=Money(30_000),
        estimated_cost=Money(21_000),
        max_cost=Money(23_100),
        fee_bps=0,
        created_at=AT - timedelta(seconds=30),
        expires_at=AT + timedelta(seconds=870),
        metadata='{"order": "42"}',
        webhook_url=URL,
        token_key_id="1",
        attempts=1,
        results=(
            Result(
                index=0,
                key=f"async-media/{job_id}/0.mp3",
                content_type="audio/mpeg",
                bytes=960_000,
                sha256="ab" * 32,
                duration=timedelta(milliseconds=60_040),
                retained_until=AT + timedelta(hours=3),
            ),
        ),
        settlement_status=SettlementStatus.CONFIRMED,
        seller_cost=Money(21_000),
        buyer_cost=Money(21_000),
        ended_at=AT,
        winner=Winner(1, new_id(), new_id()),
    )
    return replace(ordinary, **changes)


def ending(of: JobRecord) -> JobSucceeded:
    """The news that a job of these succeeded."""
    assert of.winner is not None and of.ended_at is not None
    return JobSucceeded(
        job_id=of.id,
        kind=of.kind,
        buyer_id=of.buyer_id,
        model=of.parameters.model,
        attempts=of.attempts,
        ended_at=of.ended_at,
        settlement_status=of.settlement_status.value,
        attempt=of.winner.attempt,
        offer_id=of.winner.offer_id,
        seller_id=of.winner.seller_id,
        buyer_cost_usdc=of.buyer_cost,
        seller_cost_usdc=of.seller_cost,
        duration_seconds=60,
    )
