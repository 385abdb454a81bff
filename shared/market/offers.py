"""An offer: a seller's standing promise to run one model at one price, and what it costs to take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from shared.kernel.money import ZERO, Money
from shared.market.own import Own
from shared.market.prices import PriceSchedule, Quantity, charge, parse_schedule, rounded_up, schedule_data


@dataclass(frozen=True, slots=True)
class Multiplier:
    """So many ten-thousandths of the model's list price."""

    bps: int


@dataclass(frozen=True, slots=True)
class FeeOnly:
    """A buyer's own key: nobody is paid for the work, only the market its fee on the list price, if there is one."""


Terms: TypeAlias = Multiplier | PriceSchedule | FeeOnly
"""How a model is priced: relative to the list, by a schedule of the seller's own, or not at all."""


class OfferStatus(StrEnum):
    """Where an offer stands with its seller."""

    UNVERIFIED = "unverified"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """What routing needs to know of an offer; the provider key is not part of it."""

    id: str
    seller_id: str
    """Whose provider key it is: the seller's, or the buyer's whose own provider it is."""
    provider: str
    base_url: str
    model: str
    """What it is for; of a buyer's own provider only the model that it is quoted for."""
    terms: Terms
    status: OfferStatus
    key_id: str
    """Names the sealed provider key, which changes when the seller changes it."""
    cap_daily: Money | None
    max_concurrent: int
    own: Own | None = None
    """Set when it is a buyer's own provider."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one job costs: what the seller gets, and the market's fee on top."""

    seller: Money
    fee: Money

    @property
    def buyer(self) -> Money:
        """What the buyer pays."""
        return self.seller + self.fee


def priced(terms: Terms, listed: PriceSchedule | None, quantity: Quantity, fee_bps: int) -> Cost | None:
    """The cost under these terms; None when no price is known, and then nothing may be routed there."""
    if isinstance(terms, FeeOnly):
        return Cost(ZERO, (reference_cost(listed, quantity) or ZERO).share(fee_bps))
    schedule, bps = (listed, terms.bps) if isinstance(terms, Multiplier) else (terms, 10_000)
    exact = None if schedule is None else charge(schedule, quantity)
    if exact is None:
        return None
    seller = rounded_up(exact, bps)
    return Cost(seller, seller.share(fee_bps))


def reference_cost(listed: PriceSchedule | None, quantity: Quantity) -> Money | None:
    """What the provider itself would charge, by its list."""
    exact = None if listed is None else charge(listed, quantity)
    return None if exact is None else rounded_up(exact)


def terms_data(terms: Terms) -> dict[str, Any]:
    """The stored and sent form: ``multiplier_bps``, ``price`` or ``fee_only``."""
    if isinstance(terms, FeeOnly):
        return {"fee_only": True}
    if isinstance(terms, Multiplier):
        return {"multiplier_bps": terms.bps}
    return {"price": schedule_data(terms)}


def parse_terms(data: Mapping[str, Any]) -> Terms:
    """Read what :func:`terms_data` wrote."""
    if "fee_only" in data:
        return FeeOnly()
    if "multiplier_bps" in data:
        return Multiplier(data["multiplier_bps"])
    return parse_schedule(data["price"])
