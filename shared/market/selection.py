"""Which offer wins: the cheapest that can, may and stands; and, for those that do not, why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from shared.kernel.money import Money
from shared.market.discount import Floor
from shared.market.models import Model
from shared.market.offers import Cost, Offer, OfferStatus, priced
from shared.market.prices import Quantity
from shared.market.shelf import Rank, Shelf, rank
from shared.market.standings import Health, Standing

_BUSY_FOR: Final = timedelta(seconds=2)

Seen: TypeAlias = Callable[[Standing, datetime], Standing]


def as_told(standing: Standing, at: datetime) -> Standing:
    """What one sees who knows no better than the book."""
    return standing


def free_by(deadline: datetime) -> Seen:
    """Every standing as it will be by then at the latest, where nothing is amiss but a rate limit or too much work.

    What pauses after failures may do so again, and stays as it is.
    """

    def seen(standing: Standing, at: datetime) -> Standing:
        until = standing.until
        if standing.health is Health.PAUSED and not standing.failures and until is not None and until <= deadline:
            standing = replace(standing, health=Health.HEALTHY)
        return replace(standing, in_flight=0) if at + _BUSY_FOR <= deadline else standing

    return seen


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
    return sorted(judged, key=_order)


def select(shelf: Shelf, demand: Demand, at: datetime, seen: Seen = as_told) -> Match | NoMatch:
    """The first eligible candidate in the order of :func:`candidates`, so that two routers choose alike.

    ``seen`` is how the one who asks sees a standing, who may know better than the book.
    """
    waits: list[datetime] = []
    for cost, pairs in shelf.by_cost(demand.model.pricing, demand.quantity, demand.fee_bps):
        wanted = _unwanted(cost, demand) is None
        for offer, told in pairs:
            standing = seen(told, at)
            reason = _unwilling(offer, standing, cost, demand, at)
            if reason is None:
                return Match(offer, cost) if wanted else _none(Shortfall.MINIMUM_DISCOUNT_NOT_MET, cost, waits)
            if wanted and (until := waits_until(reason, standing, at)) is not None:
                waits.append(until)
    return _none(Shortfall.NO_HEALTHY_SELLERS, None, waits)


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


def _order(candidate: Candidate) -> tuple[bool, int, Rank]:
    cost = candidate.cost
    return (cost is None, 0 if cost is None else cost.buyer.micros, rank(candidate.standing))


def _none(shortfall: Shortfall, best: Cost | None, waits: list[datetime]) -> NoMatch:
    return NoMatch(shortfall, None if best is None else best.buyer, min(waits, default=None))


def waits_until(reason: Ineligible, standing: Standing, at: datetime) -> datetime | None:
    """When an offer that is only paused or busy can be asked again."""
    if reason is Ineligible.BUSY:
        return at + _BUSY_FOR
    if reason is Ineligible.UNHEALTHY and standing.health is Health.PAUSED:
        return standing.until
    return None
