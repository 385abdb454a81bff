"""An order: what one job asks of the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.records.job import JobRecord
from shared.kernel.money import Money
from shared.market.discount import Floor
from shared.market.models import Model
from shared.market.parameters import Parameters, quantity
from shared.market.selection import Demand


@dataclass(frozen=True, slots=True)
class Order:
    """One job as routing sees it."""

    job_id: str
    buyer_id: str
    kind: str
    parameters: Parameters
    minimum_discount: int | None
    reference: Money | None
    max_cost: Money
    fee_bps: int
    expires_at: datetime
    canceled: bool = False
    """Whether its buyer is known to want it no longer."""

    def demand(self, model: Model, tried: frozenset[str]) -> Demand:
        """What the book is asked for, leaving out the offers already ``tried``."""
        return Demand(
            model=model,
            quantity=quantity(self.parameters, model),
            reference=self.reference,
            floor=None if self.minimum_discount is None else Floor(self.minimum_discount),
            ceiling=self.max_cost,
            fee_bps=self.fee_bps,
            tried=tried,
        )


def order_of(job: JobRecord) -> Order:
    """The order of a stored job."""
    return Order(
        job_id=job.id,
        buyer_id=job.buyer_id,
        kind=job.kind,
        parameters=job.parameters,
        minimum_discount=job.minimum_discount,
        reference=job.reference_cost,
        max_cost=job.max_cost,
        fee_bps=job.fee_bps,
        expires_at=job.expires_at,
        canceled=job.cancel_requested_at is not None,
    )
