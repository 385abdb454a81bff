"""Offers and how they are doing."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.api.domain.outbox import Letter
from services.api.ports.outbox import Outbox
from shared.contracts.records.offer import OfferRecord
from shared.market.book import Entry
from shared.market.standings import Standing


class Offers(Outbox, Protocol):
    """Offers with the sealed keys that their attempts need."""

    async def insert(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        """Store a new offer with its letter; False when there is one of that id."""
        ...

    async def find_of(self, seller_id: str, offer_id: str) -> OfferRecord | None:
        """The seller's own offer of that id, withdrawn or not."""
        ...

    async def list_of(self, seller_id: str) -> list[OfferRecord]:
        """The seller's own offers that are not withdrawn, newest first."""
        ...

    async def replace(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        """Store a changed offer in place of the revision before it; False when that is not the latest."""
        ...

    async def entry(self, offer_id: str) -> Entry | None:
        """One offer for the book."""
        ...

    async def entries(self) -> list[Entry]:
        """Every offer that is not withdrawn, for the book."""
        ...

    async def unverified(self, limit: int) -> list[OfferRecord]:
        """Some of the offers that no quote has vouched for yet, at random."""
        ...

    async def with_spare_keys(self, before: datetime, limit: int) -> list[OfferRecord]:
        """Offers unchanged since that instant with a key besides the current one, or any though withdrawn."""
        ...

    async def drop_key(self, offer_id: str, key_id: str) -> None:
        """Forget a sealed key."""
        ...


class Standings(Protocol):
    """The router's standings, read at majority."""

    async def all(self) -> list[Standing]:
        """Every standing there is."""
        ...
