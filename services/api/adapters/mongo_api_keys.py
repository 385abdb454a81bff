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
from shared.storage.mongo import ASCENDING, DESCENDING, IndexModel

_INDEXES: Final = [
    OUTBOX_INDEX,
    IndexModel([("digest", ASCENDING)], name="digest", unique=True),
    IndexModel([("account_id", ASCENDING), ("created_at", DESCENDING)], name="of_account"),
]
_MINUTE: Final = timedelta(minutes=1)


class MongoApiKeys(MongoOutbox):
    """See :class:`services.api.ports.ApiKeys`."""

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes(_INDEXES)

    async def add(self, key: ApiKey, *, most: int) -> bool:
        good = {"$or": [{"expires_at": None}, {"expires_at": {"$gt": key.created_at}}]}
        query = {"account_id": key.account_id, "revoked_at": None} | good
        if await self._collection.count_documents(query, limit=most) >= most:
            return False
        await self._collection.insert_one(_document(key))
        return True

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
            {"$set": {"revoked_at": at}, "$push": {"outbox": letter_document(letter)}},
        )
        return revoked.matched_count > 0

    async def note_used(self, key_id: str, at: datetime) -> None:
        lately = {"$or": [{"last_used_at": None}, {"last_used_at": {"$lt": at - _MINUTE}}]}
        await self._collection.update_one({"_id": key_id} | lately, {"$set": {"last_used_at": at}})


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
