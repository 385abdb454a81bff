"""Offers in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.api.adapters.memory_outbox import MemoryOutbox
from services.api.domain.outbox import Letter
from shared.contracts.records.offer import OfferRecord
from shared.market.book import Entry
from shared.market.offers import OfferStatus


class MemoryOffers(MemoryOutbox):
    """See :class:`services.api.ports.Offers`."""

    def __init__(self) -> None:
        super().__init__()
        self._offers: dict[str, tuple[OfferRecord, datetime]] = {}

    async def insert(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        if offer.offer.id in self._offers:
            return False
        self._offers[offer.offer.id] = (offer, at)
        self._keep(offer.offer.id, letter)
        return True

    async def find_of(self, seller_id: str, offer_id: str) -> OfferRecord | None:
        found = next((record for record in self._records() if record.offer.id == offer_id), None)
        return found if found is not None and found.offer.seller_id == seller_id else None

    async def list_of(self, seller_id: str) -> list[OfferRecord]:
        mine = [record for record in self._records() if record.offer.seller_id == seller_id]
        standing = [record for record in mine if record.offer.status is not OfferStatus.WITHDRAWN]
        return sorted(standing, key=lambda record: (record.created_at, record.offer.id), reverse=True)

    async def replace(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        known = await self.find_of(offer.offer.seller_id, offer.offer.id)
        if known is None or known.revision != offer.revision - 1:
            return False
        kept = {**offer.sealed_keys, **known.sealed_keys}
        self._offers[offer.offer.id] = (replace(offer, sealed_keys=kept), at)
        self._keep(offer.offer.id, letter)
        return True

    async def entry(self, offer_id: str) -> Entry | None:
        return next((_entry(record) for record in self._records() if record.offer.id == offer_id), None)

    async def entries(self) -> list[Entry]:
        return [_entry(record) for record in self._records() if record.offer.status is not OfferStatus.WITHDRAWN]

    async def unverified(self, limit: int) -> list[OfferRecord]:
        return [record for record in self._records() if record.offer.status is OfferStatus.UNVERIFIED][:limit]

    async def with_spare_keys(self, before: datetime, limit: int) -> list[OfferRecord]:
        old = [record for record, at in self._offers.values() if at < before]
        return [record for record in old if len(record.sealed_keys) > _needed(record)][:limit]

    async def drop_key(self, offer_id: str, key_id: str) -> None:
        record, at = self._offers[offer_id]
        if record.offer.key_id == key_id and record.offer.status is not OfferStatus.WITHDRAWN:
            return
        kept = {name: sealed for name, sealed in record.sealed_keys.items() if name != key_id}
        self._offers[offer_id] = (replace(record, sealed_keys=kept), at)

    def _records(self) -> list[OfferRecord]:
        return [record for record, _ in self._offers.values()]


def _entry(record: OfferRecord) -> Entry:
    return Entry(record.offer, record.revision)


def _needed(record: OfferRecord) -> int:
    return 0 if record.offer.status is OfferStatus.WITHDRAWN else 1
