"""The timetable of deliveries in MongoDB.

A claim moves ``next_attempt_at`` to the end of its lease and leaves a token: who dies holding one makes
nothing worse than a late attempt, and who was overtaken cannot write.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.webhooks.adapters.delivery_documents import (
    CLAIMABLE,
    DUE,
    PENDING,
    after,
    asked_again,
    claimed_of,
    climbed,
    delivery_fields,
    due_of,
    later,
    logged,
    outcome_of,
)
from services.webhooks.domain.answer import Delivered, Verdict
from services.webhooks.domain.delivery import RETENTION, Claimed, Delivery, Due, Outcome
from services.webhooks.ports import Concluded
from shared.contracts.records.delivery import DeliveryAttempt
from shared.kernel.ids import new_id
from shared.runtime.tracing import current_traceparent
from shared.storage.mongo import ASCENDING, Collection, DuplicateKeyError, IndexModel, ReturnDocument

_INDEXES: Final = [
    IndexModel(
        [("next_attempt_at", ASCENDING), ("host", ASCENDING)], name="due", partialFilterExpression={"state": PENDING}
    ),
    IndexModel(
        [("untold_since", ASCENDING)], name="untold", partialFilterExpression={"untold_since": {"$type": "date"}}
    ),
    IndexModel([("buyer_id", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)], name="of_buyer"),
    IndexModel([("job_id", ASCENDING)], name="of_job", partialFilterExpression={"job_id": {"$type": "string"}}),
    IndexModel([("created_at", ASCENDING)], name="kept", expireAfterSeconds=int(RETENTION.total_seconds())),
]


class MongoDeliveries:
    """See :class:`services.webhooks.ports.Deliveries`."""

    def __init__(self, deliveries: Collection) -> None:
        self._deliveries = deliveries

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._deliveries.create_indexes(_INDEXES)

    async def add(self, delivery: Delivery) -> bool:
        # A pipeline, for it alone can write the server's time; on a document that has a state it cannot match,
        # and then the insert that follows finds the id taken.
        fields = delivery_fields(delivery, traceparent=current_traceparent())
        try:
            await self._deliveries.update_one(
                {"_id": delivery.id, "state": {"$exists": False}}, [{"$set": fields}], upsert=True
            )
        except DuplicateKeyError:
            return False
        return True

    async def missing(self, delivery_ids: Some[str]) -> set[str]:
        ids = list(delivery_ids)
        found = await self._deliveries.find({"_id": {"$in": ids}}, {"_id": 1}).to_list(len(ids))
        return set(ids) - {document["_id"] for document in found}

    async def due(self, *, past_hosts: Some[str], limit: int) -> Sequence[Due]:
        query = {**CLAIMABLE, "host": {"$nin": list(past_hosts)}}
        cursor = self._deliveries.find(query, DUE).sort("next_attempt_at", ASCENDING).limit(limit)
        return [due_of(document) for document in await cursor.to_list(limit)]

    async def claim(self, delivery_id: str, *, lease: timedelta) -> Claimed | None:
        token = new_id()
        document = await self._deliveries.find_one_and_update(
            {"_id": delivery_id, **CLAIMABLE},
            [{"$set": {"next_attempt_at": later(lease), "lease_token": token, "retry_wanted": False}}],
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else claimed_of(document)

    async def conclude(self, claimed: Claimed, made: DeliveryAttempt, verdict: Verdict) -> Concluded:
        before = await self._deliveries.find_one_and_update(
            {"_id": claimed.delivery.id, "lease_token": claimed.token},
            [
                {
                    "$set": {
                        **after(verdict),
                        **climbed(verdict),
                        **logged(made),
                        "lease_token": None,
                        "retry_wanted": False,
                    }
                }
            ],
            projection={"retry_wanted": 1},
            return_document=ReturnDocument.BEFORE,
        )
        if before is None:
            return Concluded.OVERTAKEN
        replaced = before["retry_wanted"] and not isinstance(verdict, Delivered)
        return Concluded.REPLACED if replaced else Concluded.NOTED

    async def retry(self, delivery_id: str, buyer_id: str, request_id: str) -> bool:
        mine = {"_id": delivery_id, "buyer_id": buyer_id}
        result = await self._deliveries.update_one(
            {**mine, "retry_requests": {"$ne": request_id}}, [{"$set": asked_again(request_id)}]
        )
        return result.matched_count == 1 or await self._deliveries.find_one(mine, {"_id": 1}) is not None

    async def untold(self, *, for_at_least: timedelta, limit: int) -> Sequence[Outcome]:
        long_ago = {"$lte": ["$untold_since", later(-for_at_least)]}
        query = {"untold_since": {"$type": "date"}, "$expr": long_ago}
        found = await self._deliveries.find(query).limit(limit).to_list(limit)
        return [outcome_of(document) for document in found]

    async def told(self, outcome: Outcome) -> None:
        await self._deliveries.update_one(
            {"_id": outcome.delivery_id, "state": outcome.state.value, "attempts": outcome.attempts},
            {"$set": {"untold_since": None}},
        )
