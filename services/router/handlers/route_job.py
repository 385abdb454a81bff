"""Hand one job to the best offer."""

from __future__ import annotations

from collections.abc import Sequence

from services.router.domain.order import Order
from services.router.handlers.advance_job import advance_job
from services.router.handlers.keep_book import read_own
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.job_events import JobCreated
from shared.market.parameters import Parameters


async def route_job(created: JobCreated, *, routing: Routing) -> Sequence[Event]:
    """Route a job that was heard of.  Hearing of it again submits nothing twice: its attempts decide."""
    said = await read_own(created.own_providers, routing)
    history = await routing.attempts.of_job(created.job_id)
    return [*said, *await advance_job(_order(created), history, routing)]


def _order(created: JobCreated) -> Order:
    return Order(
        job_id=created.job_id,
        buyer_id=created.buyer_id,
        kind=created.kind,
        parameters=Parameters(**created.parameters),
        minimum_discount=created.minimum_discount,
        reference=created.reference_cost_usdc,
        max_cost=created.max_cost_usdc,
        fee_bps=created.fee_bps,
        expires_at=created.expires_at,
    )
