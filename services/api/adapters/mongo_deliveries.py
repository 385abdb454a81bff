"""Deliveries, read from the webhooks service's collection."""

from __future__ import annotations

from typing import Any

from shared.contracts.records.delivery import DeliveryRecord, read_delivery
from shared.storage.mongo import DESCENDING, Collection


class MongoDeliveries:
    """See :class:`services.api.ports.Deliveries`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def find_of(self, buyer_id: str, delivery_id: str) -> DeliveryRecord | None:
        found = await self._collection.find_one({"_id": delivery_id, "buyer_id": buyer_id})
        return None if found is None else read_delivery(found)

    async def page_of(
        self, buyer_id: str, *, job_id: str | None, after: DeliveryRecord | None, limit: int
    ) -> list[DeliveryRecord]:
        query: dict[str, Any] = {"buyer_id": buyer_id}
        if job_id is not None:
            query["job_id"] = job_id
        if after is not None:
            at = after.created_at
            query["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": after.id}}]
        newest_first = [("created_at", DESCENDING), ("_id", DESCENDING)]
        found = await self._collection.find(query).sort(newest_first).limit(limit).to_list(limit)
        return [read_delivery(document) for document in found]
