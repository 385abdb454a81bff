"""Offers in MongoDB, as api keeps them: only read here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.contracts.records.document import Document
from shared.contracts.records.offer import COLLECTION, read_offer
from shared.market.book import Entry
from shared.market.offers import OfferStatus
from shared.storage.mongo import Database

_STANDING: Final = {"status": {"$ne": OfferStatus.WITHDRAWN.value}}


class MongoOffers:
    """See :class:`services.router.ports.Offers`."""

    def __init__(self, database: Database) -> None:
        self._offers = database[COLLECTION]

    async def standing(self) -> Sequence[Entry]:
        return [_entry(document) async for document in self._offers.find(_STANDING)]

    async def standing_for(self, model_id: str) -> Sequence[Entry]:
        return [_entry(document) async for document in self._offers.find({**_STANDING, "model": model_id})]

    async def find(self, offer_id: str) -> Entry | None:
        document = await self._offers.find_one({"_id": offer_id})
        return None if document is None else _entry(document)


def _entry(document: Document) -> Entry:
    record = read_offer(document)
    return Entry(record.offer, record.revision)
