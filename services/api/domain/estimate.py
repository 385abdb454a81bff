"""What a job would cost at the best offer now, and what is held for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.api.domain.refusals import MinimumDiscountNotMet, NoHealthySellers
from shared.kernel.money import Money
from shared.market.discount import Floor, discount_percent
from shared.market.models import Model
from shared.market.offers import reference_cost
from shared.market.parameters import Parameters, quantity
from shared.market.selection import Candidate, Demand, Match, NoMatch, Shortfall, candidates, select
from shared.market.shelf import Shelf

HEADROOM_PERCENT: Final = 110


@dataclass(frozen=True, slots=True)
class Estimate:
    """``cost`` at the best offer that qualifies, ``maximum`` to hold, ``reference`` at the list price."""

    cost: Money
    maximum: Money
    reference: Money | None


@dataclass(frozen=True, slots=True)
class Quote:
    """An estimate, or the refusal that an order would meet, and every candidate, cheapest first."""

    estimate: Estimate | MinimumDiscountNotMet | NoHealthySellers
    reference: Money | None
    candidates: tuple[Candidate, ...]


def demanded(parameters: Parameters, model: Model, floor: Floor | None, fee_bps: int) -> Demand:
    """What settled ``parameters`` ask of the book."""
    size = quantity(parameters, model)
    return Demand(model, size, reference_cost(model.pricing, size), floor, None, fee_bps)


def estimate(shelf: Shelf, demand: Demand, at: datetime) -> Estimate | MinimumDiscountNotMet | NoHealthySellers:
    """The estimate, or the refusal to raise when nobody qualifies at that instant."""
    found = select(shelf, demand, at)
    if isinstance(found, Match):
        cost = found.cost.buyer
        return Estimate(cost, maximum(cost), demand.reference)
    return _refusal(found, demand)


def quote(shelf: Shelf, demand: Demand, at: datetime) -> Quote:
    """The estimate with every candidate it was chosen from."""
    return Quote(estimate(shelf, demand, at), demand.reference, tuple(candidates(shelf, demand, at)))


def maximum(cost: Money) -> Money:
    """What is held for an estimated cost: a tenth more, rounded up."""
    return cost.scaled_up(HEADROOM_PERCENT, 100)


def _refusal(found: NoMatch, demand: Demand) -> MinimumDiscountNotMet | NoHealthySellers:
    if found.shortfall is Shortfall.MINIMUM_DISCOUNT_NOT_MET and demand.floor is not None:
        best = None if found.best_cost is None else discount_percent(found.best_cost, demand.reference)
        return MinimumDiscountNotMet(floor=demand.floor.percent, best=best)
    return NoHealthySellers(demand.model.id)
