"""A standing: how an offer is doing, as every router and the order book see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.kernel.money import ZERO, Money


class Health(StrEnum):
    """What the last jobs said of an offer."""

    HEALTHY = "healthy"
    PAUSED = "paused"
    """Until ``until``: throttled, or backing off after failures."""
    SHUT = "shut"
    """Until the seller changes the key or the offer: the provider refused the key or its balance."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Health, load and spend of one offer at one moment."""

    offer_id: str
    health: Health = Health.HEALTHY
    reason: str | None = None
    until: datetime | None = None
    failures: int = 0
    in_flight: int = 0
    day: str = ""
    """The UTC day that ``spent`` counts, as ``2026-01-31``."""
    spent: Money = ZERO
    """Reserved and captured on that day, in seller cost."""
    used_at: datetime | None = None
    revision: int = 0
    """Grows with every change, so that late news is known for what it is."""

    def open_at(self, at: datetime) -> bool:
        """Whether routing may use the offer at that instant."""
        if self.health is Health.HEALTHY:
            return True
        return self.health is Health.PAUSED and self.until is not None and self.until <= at

    def spent_on(self, at: datetime) -> Money:
        """What counts against the daily cap at that instant."""
        return self.spent if self.day == utc_day(at) else ZERO


def utc_day(at: datetime) -> str:
    """The UTC day of an instant, as caps count them."""
    return at.strftime("%Y-%m-%d")
