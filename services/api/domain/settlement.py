"""Settling: what of the hold is captured for audio that was delivered, and what goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shared.contracts.job_view import whole_seconds
from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.job import JobRecord
from shared.kernel.money import ZERO, Money
from shared.market.discount import Floor
from shared.market.models import Model
from shared.market.offers import Cost, FeeOnly, Terms, priced, reference_cost
from shared.market.parameters import quantity
from shared.market.prices import Quantity


@dataclass(frozen=True, slots=True)
class Settlement:
    """``seller + fee + released`` is exactly what was held."""

    seller_id: str | None
    seller: Money
    fee: Money
    released: Money

    @property
    def captured(self) -> Money:
        """What the buyer pays."""
        return self.seller + self.fee


def release(held: Money) -> Settlement:
    """Everything goes back."""
    return Settlement(None, ZERO, ZERO, held)


def settle(held: Money, cost: Cost, seller_id: str) -> Settlement:
    """Capture ``cost``, which is at most ``held``, and release the rest."""
    return Settlement(seller_id, cost.seller, cost.fee, held - cost.buyer)


def actual_cost(job: JobRecord, attempt: AttemptRecord, model: Model | None, duration: timedelta) -> Cost:
    """What delivered audio of that real length costs, by the terms frozen in its attempt.

    Never above the job's maximum, and never so much that its minimum discount is missed, which
    binds the market and not the fee on a provider of the buyer's own;
    where these cut the price, the fee gives way before the seller does.  Of a model that has
    left the catalogue since (None), it is what the attempt was estimated at.
    """
    if model is None:
        return _cut(attempt.cost, job.max_cost)
    billed = billed_quantity(job, model, duration)
    cost = priced(attempt.terms, model.pricing, billed, job.fee_bps) or attempt.cost
    return _cut(cost, _limit(job, attempt.terms, model, billed))


def _cut(cost: Cost, limit: Money) -> Cost:
    if cost.buyer <= limit:
        return cost
    seller = min(cost.seller, limit)
    return Cost(seller, limit - seller)


def billed_quantity(job: JobRecord, model: Model, duration: timedelta) -> Quantity:
    """What is paid for: the real length to the nearest second, never longer than was asked for."""
    asked = quantity(job.parameters, model)
    real = whole_seconds(duration)
    return Quantity(real if asked.seconds is None else min(asked.seconds, real), asked.characters)


def _limit(job: JobRecord, terms: Terms, model: Model, billed: Quantity) -> Money:
    reference = reference_cost(model.pricing, billed)
    if job.minimum_discount is None or reference is None or isinstance(terms, FeeOnly):
        return job.max_cost
    return min(job.max_cost, Floor(job.minimum_discount).most(reference))
