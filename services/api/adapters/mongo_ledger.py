"""The ledger in MongoDB: entries under derived ids, inserted once and kept for ever."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final

from services.api.domain.ledger import CreditStands, EntryKind, LedgerEntry
from services.api.domain.ledger_page import Earned
from services.api.ports import Side
from shared.contracts.records.document import Document, money
from shared.kernel.money import Money
from shared.storage.mongo import ASCENDING, DESCENDING, Collection, DuplicateKeyError, IndexModel, aggregated, int64

_EARNED: Final[dict[str, Any]] = {"seller_id": {"$exists": True}}
_NEWEST: Final = [("created_at", DESCENDING), ("_id", DESCENDING)]
_INDEXES: Final = [
    IndexModel([("buyer_id", ASCENDING), *_NEWEST], name="of_buyer"),
    IndexModel([("seller_id", ASCENDING), *_NEWEST], name="of_seller", partialFilterExpression=_EARNED),
    IndexModel([("open", ASCENDING)], name="open", partialFilterExpression={"open": True}),
]


class MongoLedger:
    """See :class:`services.api.ports.Ledger`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes(_INDEXES)

    async def write(self, *entries: LedgerEntry) -> None:
        await asyncio.gather(*(self._insert(entry_document(entry)) for entry in entries))

    async def open_credit(self, entry: LedgerEntry) -> CreditStands:
        await self._insert(entry_document(entry) | {"open": True})
        found = await self._collection.find_one({"_id": entry.id})
        assert found is not None
        return CreditStands(read_entry(found), found.get("open", False))

    async def close_credit(self, entry_id: str) -> None:
        await self._collection.update_one({"_id": entry_id}, {"$unset": {"open": ""}})

    async def open_credits(self, before: datetime, limit: int) -> list[LedgerEntry]:
        found = await self._collection.find({"open": True, "created_at": {"$lt": before}}).limit(limit).to_list(limit)
        return [read_entry(document) for document in found]

    async def find_of(self, side: Side, account_id: str, entry_id: str) -> LedgerEntry | None:
        found = await self._collection.find_one({"_id": entry_id, side: account_id})
        return None if found is None else read_entry(found)

    async def page_of(self, side: Side, account_id: str, *, after: LedgerEntry | None, limit: int) -> list[LedgerEntry]:
        query: dict[str, Any] = {side: account_id}
        if after is not None:
            same = {"created_at": after.created_at, "_id": {"$lt": after.id}}
            query["$or"] = [{"created_at": {"$lt": after.created_at}}, same]
        found = await self._collection.find(query).sort(_NEWEST).limit(limit).to_list(limit)
        return [read_entry(document) for document in found]

    async def earned(self, seller_id: str) -> list[Earned]:
        pipeline: list[dict[str, Any]] = [
            {"$match": {"seller_id": seller_id}},
            {"$group": {"_id": "$model", "amount": {"$sum": "$amount"}, "jobs": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ]
        found = await aggregated(self._collection, pipeline)
        return [Earned(document["_id"], Money(document["amount"]), document["jobs"]) for document in found]

    async def _insert(self, document: dict[str, Any]) -> bool:
        try:
            await self._collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True


def entry_document(entry: LedgerEntry) -> dict[str, Any]:
    """The stored form; what an entry does not have is left out."""
    document = {
        "_id": entry.id,
        "kind": entry.kind.value,
        "debit": entry.debit,
        "credit": entry.credit,
        "amount": int64(entry.amount.micros),
        "created_at": entry.created_at,
        "buyer_id": entry.buyer_id,
        "seller_id": entry.seller_id,
        "job_id": entry.job_id,
        "model": entry.model,
        "reference": entry.reference,
    }
    return {name: value for name, value in document.items() if value is not None}


def read_entry(document: Document) -> LedgerEntry:
    """What :func:`entry_document` wrote."""
    return LedgerEntry(
        id=document["_id"],
        kind=EntryKind(document["kind"]),
        debit=document["debit"],
        credit=document["credit"],
        amount=money(document, "amount"),
        created_at=document["created_at"],
        buyer_id=document["buyer_id"],
        seller_id=document.get("seller_id"),
        job_id=document.get("job_id"),
        model=document.get("model"),
        reference=document.get("reference"),
    )
