"""Offers in MongoDB, as api keeps them: only read here."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts.records.document import Document
from shared.contracts.records.offer import COLLECTION, read_offer
from shared.market.book import Entry
from shared.market.offers import OfferStatus
from shared.storage.mongo import Database


class MongoOffers:
    """See :class:`services.router.ports.Offers`."""

    def __init__(self, database: Database) -> None:
        self._offers = database[COLLECTION]

    async def standing(self) -> Sequence[Entry]:
        cursor = self._offers.find({"status": {"$ne": OfferStatus.WITHDRAWN.value}})
        return [_entry(document) async for document in cursor]

    async def find(self, offer_id: str) -> Entry | None:
        document = await self._offers.find_one({"_id": offer_id})
        return None if document is None else _entry(document)


def _entry(document: Document) -> Entry:
    record = read_offer(document)
    return Entry(record.offer, record.revision)
