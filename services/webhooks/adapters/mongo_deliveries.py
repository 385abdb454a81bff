"""The timetable of deliveries in MongoDB.

A claim moves ``next_attempt_at`` to the end of its lease and leaves a token: who dies holding one makes
nothing worse than a late attempt, and who was overtaken cannot write.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from services.webhooks.domain.answer import Delivered, Exhausted, RetryAfter, Verdict
from services.webhooks.domain.delivery import RETENTION, AttemptMade, Claimed, Delivery, DeliveryState
from shared.kernel.ids import new_id
from shared.storage.mongo import ASCENDING, Collection, DuplicateKeyError, IndexModel, ReturnDocument

COLLECTION: Final = "deliveries"
_LOGGED: Final = 50
"""Attempts kept on a delivery; the oldest go first."""
_MILLI: Final = timedelta(milliseconds=1)


async def ensure_indexes(deliveries: Collection) -> None:
    """What the timetable is read by; safe to repeat."""
    await deliveries.create_indexes(
        [
            IndexModel(
                [("next_attempt_at", ASCENDING)],
                name="due",
                partialFilterExpression={"state": DeliveryState.PENDING.value},
            ),
            IndexModel([("buyer_id", ASCENDING), ("created_at", ASCENDING)], name="of_buyer"),
            IndexModel([("job_id", ASCENDING)], name="of_job", sparse=True),
            IndexModel(
                [("created_at", ASCENDING)], name="kept", expireAfterSeconds=int(RETENTION.total_seconds()) + 4 * 86_400
            ),
        ]
    )


class MongoDeliveries:
    """See :class:`services.webhooks.ports.Deliveries`."""

    def __init__(self, deliveries: Collection) -> None:
        self._deliveries = deliveries

    async def add(self, delivery: Delivery) -> bool:
        fields: dict[str, Any] = {
            "buyer_id": delivery.buyer_id,
            "job_id": delivery.job_id,
            "type": delivery.type,
            "url": delivery.url,
            "host": urlsplit(delivery.url).netloc,
            "happened_at": delivery.happened_at,
            "state": DeliveryState.PENDING.value,
            "attempts": 0,
            "log": [],
            "lease_token": None,
            "retry_request": None,
        }
        now = {"next_attempt_at": "$$NOW", "created_at": "$$NOW"}
        literal = {name: {"$literal": value} for name, value in fields.items()}
        new = {"$eq": [{"$type": "$state"}, "missing"]}
        whole = {"$cond": [new, {**literal, **now}, "$$ROOT"]}
        try:
            result = await self._deliveries.update_one(
                {"_id": delivery.id}, [{"$replaceWith": {"$mergeObjects": [whole, {"_id": "$_id"}]}}], upsert=True
            )
        except DuplicateKeyError:  # two upserts of the same id at once: the other one stands
            return False
        return result.upserted_id is not None

    async def missing(self, delivery_ids: Sequence[str]) -> set[str]:
        found = self._deliveries.find({"_id": {"$in": list(delivery_ids)}}, {"_id": 1})
        return set(delivery_ids) - {document["_id"] async for document in found}

    async def claim(self, *, closed_hosts: Sequence[str], lease: timedelta) -> Claimed | None:
        token = new_id()
        document = await self._deliveries.find_one_and_update(
            {
                "state": DeliveryState.PENDING.value,
                "host": {"$nin": list(closed_hosts)},
                "$expr": {"$lte": ["$next_attempt_at", "$$NOW"]},
            },
            [{"$set": {"next_attempt_at": {"$add": ["$$NOW", lease // _MILLI]}, "lease_token": token}}],
            sort=[("next_attempt_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else Claimed(_read(document), document["attempts"] + 1, token)

    async def conclude(self, claimed: Claimed, made: AttemptMade, verdict: Verdict) -> bool:
        line = {
            "number": made.number,
            "at": made.at,
            "millis": round(made.seconds * 1000),
            "status": made.status,
            "error": made.error,
        }
        changed: dict[str, Any] = {
            "attempts": made.number,
            "lease_token": None,
            "log": {"$slice": [{"$concatArrays": ["$log", [{"$literal": line}]]}, -_LOGGED]},
            **_after(verdict),
        }
        result = await self._deliveries.update_one(
            {"_id": claimed.delivery.id, "lease_token": claimed.token}, [{"$set": changed}]
        )
        return result.matched_count == 1

    async def release(self, claimed: Claimed) -> None:
        await self._deliveries.update_one(
            {"_id": claimed.delivery.id, "lease_token": claimed.token},
            [{"$set": {"next_attempt_at": "$$NOW", "lease_token": None}}],
        )

    async def retry(self, delivery_id: str, buyer_id: str, request_id: str) -> bool:
        mine = {"_id": delivery_id, "buyer_id": buyer_id}
        result = await self._deliveries.update_one(
            {**mine, "retry_request": {"$ne": request_id}},
            [
                {
                    "$set": {
                        "state": DeliveryState.PENDING.value,
                        "next_attempt_at": "$$NOW",
                        "lease_token": None,
                        "retry_request": request_id,
                    }
                }
            ],
        )
        return result.matched_count == 1 or await self._deliveries.find_one(mine, {"_id": 1}) is not None


def _after(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Delivered():
            return {"state": DeliveryState.SUCCEEDED.value, "next_attempt_at": None}
        case Exhausted():
            return {"state": DeliveryState.EXHAUSTED.value, "next_attempt_at": None}
        case RetryAfter(wait):
            return {"next_attempt_at": {"$add": ["$$NOW", wait // _MILLI]}}


def _read(document: dict[str, Any]) -> Delivery:
    return Delivery(
        id=document["_id"],
        buyer_id=document["buyer_id"],
        job_id=document["job_id"],
        type=document["type"],
        url=document["url"],
        happened_at=document["happened_at"],
    )
