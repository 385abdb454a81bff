"""An offer: a seller's standing promise to run one model at one price, and what it costs to take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from shared.kernel.money import Money
from shared.market.prices import PriceSchedule, Quantity, charge, parse_schedule, rounded_up, schedule_data


@dataclass(frozen=True, slots=True)
class Multiplier:
    """So many ten-thousandths of the model's list price."""

    bps: int


Terms: TypeAlias = Multiplier | PriceSchedule
"""How a seller prices a model: relative to the list, or by a schedule of its own."""


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
    provider: str
    base_url: str
    model: str
    terms: Terms
    status: OfferStatus
    key_id: str
    """Names the sealed provider key, which changes when the seller changes it."""
    cap_daily: Money | None
    max_concurrent: int


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
    """The stored and sent form: ``multiplier_bps`` or ``price``."""
    if isinstance(terms, Multiplier):
        return {"multiplier_bps": terms.bps}
    return {"price": schedule_data(terms)}


def parse_terms(data: Mapping[str, Any]) -> Terms:
    """Read what :func:`terms_data` wrote."""
    if "multiplier_bps" in data:
        return Multiplier(data["multiplier_bps"])
    return parse_schedule(data["price"])
