"""Idempotency keys in MongoDB.  Leases are by the server's clock."""

from __future__ import annotations

from typing import Any, Final

from services.api.domain.claim import KEPT_FOR, LEASE, Claim, Claimed, ClaimedElsewhere
from shared.kernel.ids import new_id
from shared.storage.mongo import ASCENDING, Collection, DuplicateKeyError, IndexModel, ReturnDocument

_TTL: Final = int(KEPT_FOR.total_seconds())
_LEASED_UNTIL: Final = {"$add": ["$$NOW", int(LEASE.total_seconds() * 1000)]}


class MongoRequests:
    """See :class:`services.api.ports.Requests`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes(
            [IndexModel([("created_at", ASCENDING)], name="purge", expireAfterSeconds=_TTL)]
        )

    async def claim(self, buyer_id: str, key: str, *, fingerprint: str, job_id: str) -> Claim:
        holder = new_id()
        record = await self._claim(_id(buyer_id, key), buyer_id, fingerprint, job_id, holder)
        if record["holder"] == holder:
            return Claimed(record["job_id"], holder)
        return ClaimedElsewhere(record["job_id"], record["fingerprint"])

    async def free(self, buyer_id: str, key: str, claimed: Claimed) -> bool:
        freed = await self._collection.delete_one(
            {"_id": _id(buyer_id, key), "buyer_id": buyer_id, "job_id": claimed.job_id, "holder": claimed.holder}
        )
        return freed.deleted_count > 0

    async def _claim(self, record_id: str, buyer_id: str, fingerprint: str, job_id: str, holder: str) -> dict[str, Any]:
        """One write that makes the record, takes over an expired lease on it, or leaves it as it is."""
        ours = {
            "$or": [
                {"$eq": [{"$type": "$holder"}, "missing"]},
                {"$and": [{"$eq": ["$fingerprint", fingerprint]}, {"$lt": ["$leased_until", "$$NOW"]}]},
            ]
        }
        change = {
            "buyer_id": buyer_id,
            "fingerprint": {"$ifNull": ["$fingerprint", fingerprint]},
            "job_id": {"$ifNull": ["$job_id", job_id]},
            "created_at": {"$ifNull": ["$created_at", "$$NOW"]},
            "holder": {"$cond": [ours, holder, "$holder"]},
            "leased_until": {"$cond": [ours, _LEASED_UNTIL, "$leased_until"]},
        }
        for _ in range(2):
            try:
                found = await self._collection.find_one_and_update(
                    {"_id": record_id}, [{"$set": change}], upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                # Two upserts met; the second try finds what the other one made.
                continue
            assert found is not None
            return found
        raise AssertionError("an upsert lost twice against a record that is never only half there")


def _id(buyer_id: str, key: str) -> str:
    return f"{buyer_id}:{key}"
