"""Which offer wins: the cheapest that can, may and stands; and, for those that do not, why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.kernel.money import Money
from shared.market.discount import Floor
from shared.market.models import Model
from shared.market.offers import Cost, Offer, OfferStatus, priced
from shared.market.prices import Quantity
from shared.market.standings import Health, Standing

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Ineligible(StrEnum):
    """Why an offer cannot take a job, in the words of a quote."""

    INACTIVE = "inactive"
    UNPRICED = "unpriced"
    UNHEALTHY = "unhealthy"
    BUSY = "busy"
    CAP_REACHED = "cap_reached"
    ABOVE_MAXIMUM = "above_maximum"
    BELOW_MINIMUM_DISCOUNT = "below_minimum_discount"
    ALREADY_TRIED = "already_tried"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a job asks of the book: its size, its list price, and what the buyer will take."""

    model: Model
    quantity: Quantity
    reference: Money | None
    floor: Floor | None
    ceiling: Money | None
    """The most the buyer may be charged; None when only estimating."""
    fee_bps: int
    tried: frozenset[str] = frozenset()
    """Offers that this job must not meet again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer with its cost for one demand, and the reason it cannot serve, if there is one."""

    offer: Offer
    standing: Standing
    cost: Cost | None
    reason: Ineligible | None

    @property
    def eligible(self) -> bool:
        """Whether the offer can take the job now."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Match:
    """The winner and what it costs."""

    offer: Offer
    cost: Cost


class Shortfall(StrEnum):
    """Why nobody won, in the codes a buyer sees."""

    MINIMUM_DISCOUNT_NOT_MET = "minimum_discount_not_met"
    NO_HEALTHY_SELLERS = "no_healthy_sellers"


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody won.  ``waits_until`` is when a pause of an otherwise fitting offer ends, if one does."""

    shortfall: Shortfall
    best_cost: Money | None
    """The least that a healthy, capable offer would cost, whatever the floor."""
    waits_until: datetime | None = None


def candidates(book: Iterable[tuple[Offer, Standing]], demand: Demand, at: datetime) -> list[Candidate]:
    """Every offer of the book, cheapest first; between equals the one used longest ago, then the lower id."""
    judged = [judge(offer, standing, demand, at) for offer, standing in book]
    return sorted(judged, key=_rank)


def select(book: Iterable[tuple[Offer, Standing]], demand: Demand, at: datetime) -> Match | NoMatch:
    """The first eligible candidate in the order of :func:`candidates`, so that two routers choose alike."""
    judged = candidates(book, demand, at)
    for candidate in judged:
        if candidate.eligible and candidate.cost is not None:
            return Match(candidate.offer, candidate.cost)
    return _explain(judged, demand, at)


def judge(offer: Offer, standing: Standing, demand: Demand, at: datetime) -> Candidate:
    """One offer against one demand: what it would cost and whether it can serve."""
    cost = priced(offer.terms, demand.model.pricing, demand.quantity, demand.fee_bps)
    return Candidate(offer, standing, cost, _reason(offer, standing, cost, demand, at))


def _reason(offer: Offer, standing: Standing, cost: Cost | None, demand: Demand, at: datetime) -> Ineligible | None:
    if cost is None:
        return Ineligible.UNPRICED
    return _unwilling(offer, standing, cost, demand, at) or _unwanted(cost, demand)


def _unwilling(offer: Offer, standing: Standing, cost: Cost, demand: Demand, at: datetime) -> Ineligible | None:
    """What keeps the seller from serving."""
    checks: Mapping[Ineligible, bool] = {
        Ineligible.INACTIVE: offer.status is not OfferStatus.ACTIVE,
        Ineligible.ALREADY_TRIED: offer.id in demand.tried,
        Ineligible.UNHEALTHY: not standing.open_at(at),
        Ineligible.BUSY: standing.in_flight >= offer.max_concurrent,
        Ineligible.CAP_REACHED: offer.cap_daily is not None and standing.spent_on(at) + cost.seller > offer.cap_daily,
    }
    return next((reason for reason, holds in checks.items() if holds), None)


def _unwanted(cost: Cost, demand: Demand) -> Ineligible | None:
    """What keeps the buyer from accepting."""
    if demand.floor is not None and not demand.floor.met_by(cost.buyer, demand.reference):
        return Ineligible.BELOW_MINIMUM_DISCOUNT
    if demand.ceiling is not None and cost.buyer > demand.ceiling:
        return Ineligible.ABOVE_MAXIMUM
    return None


def _rank(candidate: Candidate) -> tuple[bool, int, int, datetime, str]:
    cost = candidate.cost
    return (
        cost is None,
        0 if cost is None else cost.buyer.micros,
        candidate.standing.failures,
        candidate.standing.used_at or _NEVER,
        candidate.offer.id,
    )


_PRICE_REASONS: Final = frozenset({Ineligible.ABOVE_MAXIMUM, Ineligible.BELOW_MINIMUM_DISCOUNT})
_BUSY_FOR: Final = timedelta(seconds=2)


def _explain(judged: list[Candidate], demand: Demand, at: datetime) -> NoMatch:
    """Say why nobody won, and whether somebody will be able to, from candidates in order."""
    waits = [_waits_until(candidate, demand, at) for candidate in judged]
    waits_until = min((wait for wait in waits if wait is not None), default=None)
    dear = [candidate.cost.buyer for candidate in judged if candidate.reason in _PRICE_REASONS and candidate.cost]
    if dear:
        return NoMatch(Shortfall.MINIMUM_DISCOUNT_NOT_MET, dear[0], waits_until)
    return NoMatch(Shortfall.NO_HEALTHY_SELLERS, None, waits_until)


def _waits_until(candidate: Candidate, demand: Demand, at: datetime) -> datetime | None:
    """When an offer that is only paused or busy, and would suit the buyer, can be asked again."""
    if candidate.cost is None or _unwanted(candidate.cost, demand) is not None:
        return None
    if candidate.reason is Ineligible.BUSY:
        return at + _BUSY_FOR
    if candidate.reason is Ineligible.UNHEALTHY and candidate.standing.health is Health.PAUSED:
        return candidate.standing.until
    return None
