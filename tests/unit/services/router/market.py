"""A small market to route in: one model, offers at any price, orders, attempts and the events about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.router.domain.order import Order
from shared.contracts.job_events import JobCreated, JobFailed
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.money import Money
from shared.market.catalogue import shipped_catalogue
from shared.market.offers import Cost, Multiplier, Offer, OfferStatus
from shared.market.parameters import Parameters

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
EXPIRES = AT + timedelta(minutes=15)
MODEL = shipped_catalogue()["venice-ace-step-15"]
PARAMETERS = Parameters(MODEL.id, "rain on a tin roof", duration_seconds=60)
LISTED = Money(30_000)
"""What a minute of the model costs by its list."""


def offer(name: str = "offer", bps: int = 7_000, **changes: Any) -> Offer:
    """An active offer at so many ten-thousandths of the list price."""
    made = Offer(
        id=name,
        seller_id=f"seller-of-{name}",
        provider="venice",
        base_url=f"https://{name}.example/api/v1",
        model=MODEL.id,
        terms=Multiplier(bps),
        status=OfferStatus.ACTIVE,
        key_id=f"key-of-{name}",
        cap_daily=None,
        max_concurrent=100,
    )
    return replace(made, **changes)


def order(job_id: str = "job", **changes: Any) -> Order:
    """A minute of music at up to the list price."""
    made = Order(
        job_id=job_id,
        buyer_id="buyer",
        kind="music",
        parameters=PARAMETERS,
        minimum_discount=None,
        reference=LISTED,
        max_cost=LISTED,
        fee_bps=0,
        expires_at=EXPIRES,
    )
    return replace(made, **changes)


def created(job_id: str = "job", **changes: Any) -> JobCreated:
    """The same order as api says it."""
    said: dict[str, Any] = {
        "job_id": job_id,
        "kind": "music",
        "buyer_id": "buyer",
        "model": MODEL.id,
        "parameters": PARAMETERS.data(),
        "minimum_discount": None,
        "reference_cost_usdc": LISTED,
        "max_cost_usdc": LISTED,
        "fee_bps": 0,
        "created": AT,
        "expires_at": EXPIRES,
    }
    return JobCreated(**{**said, **changes})


def job(job_id: str = "job", **changes: Any) -> JobRecord:
    """The same order as api keeps it."""
    made = JobRecord(
        id=job_id,
        kind="music",
        buyer_id="buyer",
        status=JobStatus.QUEUED,
        parameters=PARAMETERS,
        minimum_discount=None,
        reference_cost=LISTED,
        estimated_cost=Money(21_000),
        max_cost=LISTED,
        fee_bps=0,
        created_at=AT,
        expires_at=EXPIRES,
        metadata=None,
        webhook_url=None,
        token_key_id="token-key",
    )
    return replace(made, **changes)


def attempt(
    number: int = 1, state: AttemptState = AttemptState.INTENDED, at: Offer | None = None, **changes: Any
) -> AttemptRecord:
    """Attempt ``number`` of the job at an offer."""
    taken = at or offer()
    job_id = changes.get("job_id", "job")
    made = AttemptRecord(
        job_id=job_id,
        number=number,
        state=state,
        kind="music",
        offer_id=taken.id,
        seller_id=taken.seller_id,
        provider=taken.provider,
        base_url=taken.base_url,
        key_id=taken.key_id,
        model=MODEL.id,
        provider_model=MODEL.provider_model,
        terms=taken.terms,
        cost=Cost(Money(21_000), Money(0)),
        intended_at=AT,
        expires_at=EXPIRES,
        reservation_id=f"{job_id}:{number}:{taken.id}",
    )
    return replace(made, **changes)


def failed(job_id: str = "job", ended_at: datetime = AT) -> JobFailed:
    """The ending of a job that broke."""
    return JobFailed(
        job_id=job_id,
        kind="music",
        buyer_id="buyer",
        model=MODEL.id,
        attempts=1,
        ended_at=ended_at,
        settlement_status="released",
        code="provider_error",
        message="it broke",
    )
