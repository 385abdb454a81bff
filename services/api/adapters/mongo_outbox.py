"""Letters kept in an ``outbox`` array of the documents of one collection."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from services.api.adapters.letter_documents import read_letter
from services.api.domain.outbox import Letter, Unsent
from shared.storage.mongo import ASCENDING, Collection, IndexModel

NOT_EMPTY: Final[dict[str, Any]] = {"outbox.0": {"$exists": True}}
"""What the sweep's index is partial by, so that it holds nothing while everything is said."""
UNSAID: Final = NOT_EMPTY | {"outbox.at": {"$exists": True}}
"""The same, so that the index answers."""
OUTBOX_INDEX: Final = IndexModel([("outbox.at", ASCENDING)], name="outbox", partialFilterExpression=NOT_EMPTY)


class MongoOutbox:
    """See :class:`services.api.ports.Outbox`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def pull(self, document_id: str, event_id: str) -> None:
        await self._collection.update_one({"_id": document_id}, {"$pull": {"outbox": {"event_id": event_id}}})

    async def take_up(self, document_id: str, letter: Letter, at: datetime) -> bool:
        seen = {"$elemMatch": {"event_id": letter.event_id, "at": letter.at}}
        taken = await self._collection.update_one({"_id": document_id, "outbox": seen}, {"$set": {"outbox.$.at": at}})
        return taken.matched_count > 0

    async def unsent(self, before: datetime, limit: int) -> list[Unsent]:
        cursor = self._collection.find(NOT_EMPTY | {"outbox.at": {"$lt": before}}, {"outbox": 1})
        found = await cursor.sort("outbox.at", ASCENDING).limit(limit).to_list(limit)
        return [Unsent(item["_id"], tuple(read_letter(letter) for letter in item["outbox"])) for item in found]

    async def backlog(self, most: int) -> int:
        return await self._collection.count_documents(UNSAID, limit=most)
