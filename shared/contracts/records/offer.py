"""An offer, or a buyer's own provider, as its owner, api, keeps it, with the sealed keys that its attempts need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.contracts.records.document import Document, optional_money
from shared.market.offers import Offer, OfferStatus, parse_terms
from shared.market.own import parse_own

COLLECTION: Final = "offers"


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One offer, at one revision."""

    offer: Offer
    revision: int
    reason: str | None
    created_at: datetime
    sealed_keys: Mapping[str, str]
    """Sealed provider keys by key id: the current one, and older ones until their last attempt closes."""
    label: str | None = None
    """What a buyer calls a provider of its own."""


def key_binding(offer_id: str, seller_id: str) -> tuple[str, str, str]:
    """What a provider key's seal is bound to."""
    return ("offer", offer_id, seller_id)


def read_offer(document: Document) -> OfferRecord:
    """The record of a stored offer."""
    offer = Offer(
        id=document["_id"],
        seller_id=document["seller_id"],
        provider=document["provider"],
        base_url=document["base_url"],
        model=document["model"],
        terms=parse_terms(document["terms"]),
        status=OfferStatus(document["status"]),
        key_id=document["key_id"],
        cap_daily=optional_money(document, "cap_daily"),
        max_concurrent=document["max_concurrent"],
        own=parse_own(document.get("own")),
    )
    return OfferRecord(
        offer=offer,
        revision=document["revision"],
        reason=document.get("reason"),
        created_at=document["created_at"],
        sealed_keys=document["sealed_keys"],
        label=document.get("label"),
    )
