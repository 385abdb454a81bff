"""The router's attempts, read from MongoDB."""

from __future__ import annotations

from collections.abc import Iterable, Set

from shared.contracts.records.attempt import OPEN, AttemptRecord, attempt_id, read_attempt
from shared.storage.mongo import Collection


class MongoAttempts:
    """See :class:`services.api.ports.Attempts`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def find(self, job_id: str, number: int) -> AttemptRecord | None:
        found = await self._collection.find_one({"_id": attempt_id(job_id, number)})
        return None if found is None else read_attempt(found)

    async def attempted(self, job_ids: Iterable[str]) -> Set[str]:
        # The first attempt has its id from the job, so this needs no index of the router's.
        first = [attempt_id(job_id, 1) for job_id in job_ids]
        found = self._collection.find({"_id": {"$in": first}}, {"job_id": 1})
        return {document["job_id"] async for document in found}

    async def keys_in_use(self, offer_id: str) -> Set[str]:
        query = {"offer_id": offer_id, "state": {"$in": [state.value for state in OPEN]}}
        return {document["key_id"] async for document in self._collection.find(query, {"key_id": 1})}
