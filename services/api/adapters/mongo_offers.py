"""Offers in MongoDB, each with its sealed keys and its letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from services.api.adapters.letter_documents import letter_document
from services.api.adapters.mongo_outbox import OUTBOX_INDEX, MongoOutbox
from services.api.domain.outbox import Letter
from shared.contracts.records.document import micros
from shared.contracts.records.offer import OfferRecord, read_offer
from shared.market.book import Entry
from shared.market.offers import OfferStatus, terms_data
from shared.market.own import own_data
from shared.storage.mongo import ASCENDING, DESCENDING, DuplicateKeyError, IndexModel, aggregated

_STANDING: Final = {"$ne": OfferStatus.WITHDRAWN.value}
_INDEXES: Final = [
    OUTBOX_INDEX,
    IndexModel([("seller_id", ASCENDING), ("created_at", DESCENDING)], name="of_seller"),
    IndexModel([("status", ASCENDING)], name="status"),
]


class MongoOffers(MongoOutbox):
    """See :class:`services.api.ports.Offers`."""

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes(_INDEXES)

    async def insert(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        fixed = {
            "_id": offer.offer.id,
            "seller_id": offer.offer.seller_id,
            "provider": offer.offer.provider,
            "model": offer.offer.model,
            "created_at": offer.created_at,
        }
        try:
            await self._collection.insert_one(fixed | _changing(offer, at) | {"outbox": [letter_document(letter)]})
        except DuplicateKeyError:
            return False
        return True

    async def find_of(self, seller_id: str, offer_id: str) -> OfferRecord | None:
        found = await self._collection.find_one({"_id": offer_id, "seller_id": seller_id})
        return None if found is None else read_offer(found)

    async def list_of(self, seller_id: str) -> list[OfferRecord]:
        cursor = self._collection.find({"seller_id": seller_id, "status": _STANDING})
        newest_first = cursor.sort([("created_at", DESCENDING), ("_id", DESCENDING)])
        return [read_offer(document) async for document in newest_first]

    async def replace(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        change: dict[str, Any] = {name: {"$literal": value} for name, value in _changing(offer, at).items()}
        # A key that was sealed anew meanwhile, which is no revision, stays as it is.
        change["sealed_keys"] = {"$mergeObjects": [change["sealed_keys"], "$sealed_keys"]}
        letters = {"$concatArrays": [{"$ifNull": ["$outbox", []]}, [{"$literal": letter_document(letter)}]]}
        replaced = await self._collection.update_one(
            {"_id": offer.offer.id, "seller_id": offer.offer.seller_id, "revision": offer.revision - 1},
            [{"$set": {**change, "outbox": letters}}],
        )
        return replaced.matched_count > 0

    async def entry(self, offer_id: str) -> Entry | None:
        found = await self._collection.find_one({"_id": offer_id})
        return None if found is None else _entry(found)

    async def entries(self) -> list[Entry]:
        return [_entry(document) async for document in self._collection.find({"status": _STANDING})]

    async def unverified(self, limit: int) -> list[OfferRecord]:
        some: list[dict[str, Any]] = [
            {"$match": {"status": OfferStatus.UNVERIFIED.value}},
            {"$sample": {"size": limit}},
        ]
        return [read_offer(document) for document in await aggregated(self._collection, some)]

    async def with_spare_keys(self, before: datetime, limit: int) -> list[OfferRecord]:
        keys = {"$size": {"$objectToArray": "$sealed_keys"}}
        needed = {"$cond": [{"$eq": ["$status", OfferStatus.WITHDRAWN.value]}, 0, 1]}
        query = {"changed_at": {"$lt": before}, "$expr": {"$gt": [keys, needed]}}
        return [read_offer(document) async for document in self._collection.find(query).limit(limit)]

    async def drop_key(self, offer_id: str, key_id: str) -> None:
        unused = {"$or": [{"key_id": {"$ne": key_id}}, {"status": OfferStatus.WITHDRAWN.value}]}
        await self._collection.update_one({"_id": offer_id} | unused, {"$unset": {f"sealed_keys.{key_id}": ""}})


def _entry(document: dict[str, Any]) -> Entry:
    record = read_offer(document)
    return Entry(record.offer, record.revision)


def _changing(record: OfferRecord, at: datetime) -> dict[str, Any]:
    """What a revision may change."""
    offer = record.offer
    return {
        "base_url": offer.base_url,
        "terms": terms_data(offer.terms),
        "status": offer.status.value,
        "key_id": offer.key_id,
        "cap_daily": micros(offer.cap_daily),
        "max_concurrent": offer.max_concurrent,
        "revision": record.revision,
        "reason": record.reason,
        "own": own_data(offer.own),
        "label": record.label,
        "changed_at": at,
        "sealed_keys": dict(record.sealed_keys),
    }
