"""An offer's standing as its owner, router, keeps it.  An offer that was never used has none yet."""

from __future__ import annotations

from typing import Final

from shared.contracts.market_events import OfferStandingChanged
from shared.contracts.records.document import Document
from shared.kernel.money import Money
from shared.market.standings import Health, Standing

COLLECTION: Final = "standings"


def read_standing(document: Document) -> Standing:
    """The standing of a stored document."""
    return Standing(
        offer_id=document["_id"],
        health=Health(document.get("health", Health.HEALTHY)),
        reason=document.get("reason"),
        until=document.get("until"),
        failures=document.get("failures", 0),
        in_flight=document.get("in_flight", 0),
        day=document.get("day", ""),
        spent=Money(document.get("spent", 0)),
        used_at=document.get("used_at"),
        revision=document.get("revision", 0),
    )


def standing_of(changed: OfferStandingChanged) -> Standing:
    """The standing that a fact told, whole."""
    return Standing(
        offer_id=changed.offer_id,
        health=Health(changed.health),
        reason=changed.reason,
        until=changed.until,
        failures=changed.failures,
        in_flight=changed.in_flight,
        day=changed.day,
        spent=changed.spent_usdc,
        used_at=changed.used_at,
        revision=changed.revision,
    )
