"""What there is to say of attempts, jobs and standings."""

from __future__ import annotations

from services.router.domain.order import Order
from shared.contracts.job_events import JobRouted, JobUnroutable
from shared.contracts.market_events import OfferStandingChanged
from shared.contracts.records.attempt import AttemptRecord
from shared.market.standings import Standing


def job_routed(attempt: AttemptRecord) -> JobRouted:
    """A provider has the job.  Only of an attempt that was submitted."""
    assert attempt.provider_job_id is not None and attempt.routed_at is not None
    return JobRouted(
        job_id=attempt.job_id,
        kind=attempt.kind,
        attempt=attempt.number,
        offer_id=attempt.offer_id,
        seller_id=attempt.seller_id,
        provider=attempt.provider,
        base_url=attempt.base_url,
        key_id=attempt.key_id,
        model=attempt.model,
        provider_model=attempt.provider_model,
        provider_job_id=attempt.provider_job_id,
        routed_at=attempt.routed_at,
        expires_at=attempt.expires_at,
    )


def job_unroutable(order: Order, *, attempts: int, code: str, message: str) -> JobUnroutable:
    """No attempt will follow."""
    return JobUnroutable(job_id=order.job_id, kind=order.kind, attempts=attempts, code=code, message=message)


def standing_changed(standing: Standing) -> OfferStandingChanged:
    """How an offer is doing now."""
    return OfferStandingChanged(
        offer_id=standing.offer_id,
        revision=standing.revision,
        health=standing.health.value,
        reason=standing.reason,
        until=standing.until,
        failures=standing.failures,
        in_flight=standing.in_flight,
        day=standing.day,
        spent_usdc=standing.spent,
        used_at=standing.used_at,
    )
