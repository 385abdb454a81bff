"""Accounts in MongoDB: every movement of money is one conditional update of one document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from services.api.adapters.account_documents import account_document, read_account, read_hold
from services.api.domain.account import Account, Held, Hold, NotHeld, OldHold
from services.api.domain.refusals import NotFound
from shared.kernel.money import Money
from shared.storage.mongo import ASCENDING, Collection, IndexModel, int64

FIGURES: Final = {"holds": 0, "credits": 0}
REMEMBERED_CREDITS: Final = 200
"""Credits whose ids an account keeps; one that is repeated after so many others would count twice."""
BATCH: Final = 200


class MongoAccounts:
    """See :class:`services.api.ports.Accounts`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes([IndexModel([("in_flight", ASCENDING)], name="in_flight")])

    async def open(self, account: Account) -> None:
        await self._collection.insert_one(account_document(account))

    async def find(self, account_id: str) -> Account | None:
        found = await self._collection.find_one({"_id": account_id}, FIGURES)
        return None if found is None else read_account(found)

    async def hold(self, buyer_id: str, job_id: str, amount: Money, at: datetime) -> Held | NotHeld:
        entry = f"holds.{job_id}"
        taken = await self._collection.update_one(
            {
                "_id": buyer_id,
                "available": {"$gte": amount.micros},
                entry: None,
                "$expr": {"$lt": ["$in_flight", "$limits.jobs_in_flight"]},
            },
            {
                "$inc": {"available": -amount.micros, "held": amount.micros, "in_flight": 1},
                "$set": {entry: {"amount": int64(amount.micros), "at": at}},
            },
        )
        if taken.matched_count:
            return Held(Hold(amount, at))
        found = await self._collection.find_one({"_id": buyer_id}, _figures_and(job_id))
        if found is None:
            raise NotFound("buyer")
        standing = found.get("holds", {}).get(job_id)
        if standing is not None:
            return Held(read_hold(standing))
        return NotHeld(read_account(found))

    async def settle(self, buyer_id: str, job_id: str, at: datetime, *, captured: Money, released: Money) -> bool:
        entry, held = f"holds.{job_id}", captured + released
        settled = await self._collection.update_one(
            {"_id": buyer_id, f"{entry}.amount": held.micros, f"{entry}.at": at},
            {
                "$inc": {
                    "available": released.micros,
                    "held": -held.micros,
                    "spent": captured.micros,
                    "in_flight": -1,
                },
                "$unset": {entry: ""},
            },
        )
        return settled.matched_count > 0

    async def credit(self, buyer_id: str, entry_id: str, amount: Money) -> bool:
        credited = await self._collection.update_one(
            {"_id": buyer_id, "credits": {"$ne": entry_id}},
            {
                "$inc": {"credited": amount.micros, "available": amount.micros},
                "$push": {"credits": {"$each": [entry_id], "$slice": -REMEMBERED_CREDITS}},
            },
        )
        return credited.matched_count > 0

    async def old_holds(self, before: datetime) -> AsyncIterator[Sequence[OldHold]]:
        async for document in self._collection.find({"in_flight": {"$gt": 0}}, {"holds": 1}):
            old = _old_holds(document, before)
            for start in range(0, len(old), BATCH):
                yield old[start : start + BATCH]


def _figures_and(job_id: str) -> dict[str, Any]:
    fields = ("role", "name", "limits", "created_at", "credited", "spent", "held", "available", "in_flight")
    return dict.fromkeys((*fields, f"holds.{job_id}"), 1)


def _old_holds(document: dict[str, Any], before: datetime) -> list[OldHold]:
    holds: dict[str, dict[str, Any]] = document.get("holds", {})
    return [OldHold(document["_id"], job_id, read_hold(hold)) for job_id, hold in holds.items() if hold["at"] < before]
