"""What a job would cost at the best offer now, and what is held for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.api.domain.refusals import MinimumDiscountNotMet, NoHealthySellers
from shared.kernel.money import Money
from shared.market.choice import choose, own_candidates, role_of
from shared.market.discount import Floor, discount_percent
from shared.market.models import Model
from shared.market.offers import reference_cost
from shared.market.own import OwnRole
from shared.market.parameters import Parameters, quantity
from shared.market.selection import (
    Candidate,
    Demand,
    Match,
    NoMatch,
    Seen,
    Shortfall,
    as_told,
    candidates,
    free_by,
    select,
)
from shared.market.shelf import Pair, Shelf

HEADROOM_PERCENT: Final = 110
ENOUGH: Final = timedelta(seconds=5)
"""With less than this left before a job ends nothing is begun: routers keep the same."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``cost`` where it is the job's turn first, ``maximum`` to hold, ``reference`` at the list price."""

    cost: Money
    maximum: Money
    reference: Money | None


@dataclass(frozen=True, slots=True)
class Quote:
    """An estimate, or the refusal that an order would meet, and every candidate in the order they would be asked."""

    estimate: Estimate | MinimumDiscountNotMet | NoHealthySellers
    reference: Money | None
    candidates: tuple[Candidate, ...]


def demanded(parameters: Parameters, model: Model, floor: Floor | None, fee_bps: int) -> Demand:
    """What settled ``parameters`` ask of the book."""
    size = quantity(parameters, model)
    return Demand(model, size, reference_cost(model.pricing, size), floor, None, fee_bps)


def estimate(
    shelf: Shelf, own: Sequence[Pair], demand: Demand, at: datetime, *, ends_at: datetime
) -> Estimate | MinimumDiscountNotMet | NoHealthySellers:
    """The estimate, or the refusal to raise when nobody qualifies at that instant.

    Who is only paused by a rate limit, or busy, qualifies where nobody else does and the pause is over in time
    before the job ``ends_at``: the job will wait.  ``own`` are the buyer's providers.  What is held covers every
    one of those who may serve.
    """
    found = choose(shelf, own, demand, at)
    if isinstance(found, Match):
        return _estimated(found, shelf, own, demand, at, seen=as_told)
    latest = ends_at - ENOUGH
    if found.waits_until is None or found.waits_until > latest:
        return _refusal(found, demand)
    seen = free_by(latest)
    later = choose(shelf, own, demand, at, seen)
    return _estimated(later, shelf, own, demand, at, seen=seen) if isinstance(later, Match) else _refusal(found, demand)


def _estimated(
    found: Match, shelf: Shelf, own: Sequence[Pair], demand: Demand, at: datetime, *, seen: Seen
) -> Estimate:
    market = select(shelf, demand, at, seen)
    mine = own_candidates(own, demand, at, seen)
    fees = [each.cost.buyer for each in mine if each.eligible and each.cost is not None]
    dearest = max([maximum(market.cost.buyer), *fees] if isinstance(market, Match) else fees)
    return Estimate(found.cost.buyer, dearest, demand.reference)


def quote(shelf: Shelf, own: Sequence[Pair], demand: Demand, at: datetime, *, ends_at: datetime) -> Quote:
    """The estimate with every candidate it was chosen from, each as it stands now."""
    mine = own_candidates(own, demand, at)
    priority = [candidate for candidate in mine if role_of(candidate) is OwnRole.PRIORITY]
    fallback = [candidate for candidate in mine if role_of(candidate) is OwnRole.FALLBACK]
    asked = (*priority, *candidates(shelf, demand, at), *fallback)
    return Quote(estimate(shelf, own, demand, at, ends_at=ends_at), demand.reference, asked)


def maximum(cost: Money) -> Money:
    """What is held for an estimated cost: a tenth more, rounded up."""
    return cost.scaled_up(HEADROOM_PERCENT, 100)


def _refusal(found: NoMatch, demand: Demand) -> MinimumDiscountNotMet | NoHealthySellers:
    if found.shortfall is Shortfall.MINIMUM_DISCOUNT_NOT_MET and demand.floor is not None:
        best = None if found.best_cost is None else discount_percent(found.best_cost, demand.reference)
        return MinimumDiscountNotMet(floor=demand.floor.percent, best=best)
    return NoHealthySellers(demand.model.id)
