"""API keys in MongoDB, found by their hash."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from services.api.adapters.letter_documents import letter_document
from services.api.adapters.mongo_outbox import OUTBOX_INDEX, MongoOutbox
from services.api.domain.account import Role
from services.api.domain.api_key import ApiKey
from services.api.domain.outbox import Letter
from shared.contracts.records.document import Document
from shared.storage.mongo import ASCENDING, DESCENDING, DuplicateKeyError, IndexModel

_INDEXES: Final = [
    OUTBOX_INDEX,
    IndexModel([("digest", ASCENDING)], name="digest", unique=True),
    IndexModel([("account_id", ASCENDING), ("created_at", DESCENDING)], name="of_account"),
    # Each good key of an account has one of its few places, so that no two requests share the last one.
    IndexModel(
        [("account_id", ASCENDING), ("place", ASCENDING)],
        name="place",
        unique=True,
        partialFilterExpression={"place": {"$exists": True}},
    ),
]
_MINUTE: Final = timedelta(minutes=1)


class MongoApiKeys(MongoOutbox):
    """See :class:`services.api.ports.ApiKeys`."""

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes(_INDEXES)

    async def add(self, key: ApiKey, *, most: int) -> bool:
        await self._collection.update_many(
            {"account_id": key.account_id, "place": {"$exists": True}, "expires_at": {"$lte": key.created_at}},
            {"$unset": {"place": ""}},
        )
        while (place := await self._free_place(key.account_id, most)) is not None:
            try:
                await self._collection.insert_one(_document(key) | {"place": place})
            except DuplicateKeyError:
                # Another request has just taken it.
                continue
            return True
        return False

    async def by_digest(self, digest: str) -> ApiKey | None:
        found = await self._collection.find_one({"digest": digest})
        return None if found is None else _read(found)

    async def list_of(self, account_id: str) -> list[ApiKey]:
        query = {"account_id": account_id, "revoked_at": None}
        cursor = self._collection.find(query).sort([("created_at", DESCENDING), ("_id", DESCENDING)])
        return [_read(document) async for document in cursor]

    async def revoke(self, account_id: str, key_id: str, at: datetime, letter: Letter) -> bool:
        revoked = await self._collection.update_one(
            {"_id": key_id, "account_id": account_id, "revoked_at": None},
            {"$set": {"revoked_at": at}, "$unset": {"place": ""}, "$push": {"outbox": letter_document(letter)}},
        )
        return revoked.matched_count > 0

    async def note_used(self, key_id: str, at: datetime) -> None:
        lately = {"$or": [{"last_used_at": None}, {"last_used_at": {"$lt": at - _MINUTE}}]}
        await self._collection.update_one({"_id": key_id} | lately, {"$set": {"last_used_at": at}})

    async def _free_place(self, account_id: str, most: int) -> int | None:
        cursor = self._collection.find({"account_id": account_id, "place": {"$exists": True}}, {"place": 1})
        taken = {document["place"] async for document in cursor}
        return next((place for place in range(most) if place not in taken), None)


def _document(key: ApiKey) -> dict[str, Any]:
    document = asdict(key)
    return {"_id": document.pop("id"), **document, "role": key.role.value}


def _read(document: Document) -> ApiKey:
    return ApiKey(
        id=document["_id"],
        account_id=document["account_id"],
        role=Role(document["role"]),
        label=document["label"],
        prefix=document["prefix"],
        digest=document["digest"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        revoked_at=document["revoked_at"],
        last_used_at=document["last_used_at"],
    )
