"""Attempts in MongoDB: every move is a compare-and-set, every age is told by the server's clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from services.router.adapters.attempt_document import attempt_document
from services.router.domain.closing import ABANDONED, Closing, sources
from services.router.ports import INTENT_LIVES, Saved
from shared.contracts.records.attempt import COLLECTION, AttemptRecord, AttemptState, read_attempt
from shared.kernel.clock import Clock
from shared.storage.mongo import (
    ASCENDING,
    DESCENDING,
    UNAVAILABLE,
    Database,
    DuplicateKeyError,
    IndexModel,
    ReturnDocument,
)

SAVE_FOR: Final = 30.0
"""Seconds for which an answer of a provider is tried to be stored: losing an id may cost a render, and a refusal
that is lost is one more attempt of which nobody knows."""
_BREATH: Final = 0.5

T = TypeVar("T")

_INDEXES: Final = (
    IndexModel([("job_id", ASCENDING), ("number", ASCENDING)], name="job"),
    IndexModel([("offer_id", ASCENDING), ("state", ASCENDING)], name="offer"),
    # How its seller sees it: the latest first.
    IndexModel([("offer_id", ASCENDING), ("intended_at", DESCENDING)], name="of_offer"),
    IndexModel(
        [("seller_id", ASCENDING), ("provider_job_id", ASCENDING)],
        name="one_id_one_job",
        unique=True,
        partialFilterExpression={"provider_job_id": {"$exists": True}},
    ),
)


class MongoAttempts:
    """See :class:`services.router.ports.Attempts`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._attempts = database[COLLECTION]
        self._clock = clock

    async def ensure_indexes(self) -> None:
        """Create the indexes that are missing."""
        await self._attempts.create_indexes(list(_INDEXES))

    async def of_job(self, job_id: str) -> Sequence[AttemptRecord]:
        cursor = self._attempts.find({"job_id": job_id}).sort("number", ASCENDING)
        return [read_attempt(document) async for document in cursor]

    async def with_ids(self, attempt_ids: Sequence[str]) -> Mapping[str, AttemptRecord]:
        cursor = self._attempts.find({"_id": {"$in": list(attempt_ids)}})
        return {document["_id"]: read_attempt(document) async for document in cursor}

    async def intend(self, attempt: AttemptRecord) -> AttemptRecord | None:
        # An update, because only a pipeline can date it by the server's clock; it matches nothing that exists.
        document = {"$literal": attempt_document(attempt)}
        pipeline = [{"$replaceWith": {"$mergeObjects": [document, {"intended_at": "$$NOW"}]}}]
        try:
            stored = await self._attempts.find_one_and_update(
                {"_id": attempt.id, "job_id": {"$exists": False}},
                pipeline,
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            # The driver repeats a write whose answer was lost: the intent may be our own.
            stored = await self._attempts.find_one({"_id": attempt.id, "reservation_id": attempt.reservation_id})
        return None if stored is None else read_attempt(stored)

    async def drop(self, attempt: AttemptRecord) -> bool:
        result = await self._attempts.delete_one(
            {"_id": attempt.id, "state": AttemptState.INTENDED.value, "reservation_id": attempt.reservation_id}
        )
        return result.deleted_count == 1

    async def submitted(self, attempt: AttemptRecord, provider_job_id: str, routed_at: datetime) -> Saved:
        return await self._insisted(lambda again: self._submitted(attempt, provider_job_id, routed_at))

    async def _insisted(self, write: Callable[[bool], Awaitable[T]]) -> T:
        """Have ``write`` done while the database is in trouble; it is told whether it may have been done before."""
        give_up_at, again = self._clock.monotonic() + SAVE_FOR, False
        while True:
            try:
                return await write(again)
            except UNAVAILABLE:
                if self._clock.monotonic() >= give_up_at:
                    raise
                await self._clock.sleep(_BREATH)
                again = True

    async def _submitted(self, attempt: AttemptRecord, provider_job_id: str, routed_at: datetime) -> Saved:
        accepted = {"provider_job_id": provider_job_id, "routed_at": routed_at}
        try:
            result = await self._attempts.update_one(
                {"_id": attempt.id, "state": AttemptState.INTENDED.value},
                {
                    "$set": {**accepted, "state": AttemptState.SUBMITTED.value},
                    "$currentDate": {"watched_at": True},
                },
            )
            if result.matched_count:
                await self._only_current(attempt)
                return Saved.STORED
            return await self._too_late(attempt, provider_job_id)
        except DuplicateKeyError:
            return Saved.TAKEN

    async def _too_late(self, attempt: AttemptRecord, provider_job_id: str) -> Saved:
        """Our own write, told twice; or the attempt was closed, and its record learns the id."""
        stored = await self._attempts.find_one({"_id": attempt.id})
        if stored is not None and stored.get("provider_job_id") == provider_job_id:
            return Saved.STORED if stored["state"] == AttemptState.SUBMITTED.value else Saved.SUPERSEDED
        await self._attempts.update_one({"_id": attempt.id}, {"$set": {"provider_job_id": provider_job_id}})
        return Saved.SUPERSEDED

    async def _only_current(self, attempt: AttemptRecord) -> None:
        if attempt.number > 1:
            await self._attempts.update_many(
                {"job_id": attempt.job_id, "number": {"$lt": attempt.number}, "current": True},
                {"$unset": {"current": ""}},
            )

    async def close(self, attempt: AttemptRecord, closing: Closing) -> bool:
        async def write(again: bool) -> bool:
            return await self._close(attempt, closing, {}) or (again and await self._is_closed(attempt, closing))

        return await self._insisted(write)

    async def _is_closed(self, attempt: AttemptRecord, closing: Closing) -> bool:
        """Whether it is closed in just this way: by our own write, whose answer was lost."""
        closed = {"state": closing.state.value, "code": closing.code, "reason": closing.reason}
        wanted = {"_id": attempt.id, "reservation_id": attempt.reservation_id, **closed}
        return await self._attempts.find_one(wanted, {"_id": 1}) is not None

    async def abandon(self, attempt: AttemptRecord) -> bool:
        lived = {"$subtract": ["$$NOW", INTENT_LIVES // timedelta(milliseconds=1)]}
        intended_before = {"state": AttemptState.INTENDED.value, "$expr": {"$lte": ["$intended_at", lived]}}
        return await self._close(attempt, ABANDONED, intended_before)

    async def _close(self, attempt: AttemptRecord, closing: Closing, only: dict[str, Any]) -> bool:
        result = await self._attempts.update_one(
            {
                "_id": attempt.id,
                "reservation_id": attempt.reservation_id,
                "state": {"$in": sorted(sources(closing.state))},
                **only,
            },
            {
                "$set": {"state": closing.state.value, "code": closing.code, "reason": closing.reason},
                "$currentDate": {"closed_at": True},
            },
        )
        return result.matched_count == 1

    async def seen(self, job_id: str, number: int) -> bool:
        result = await self._attempts.update_one(
            {"_id": f"{job_id}:{number}", "state": AttemptState.SUBMITTED.value},
            {"$currentDate": {"seen_at": True, "watched_at": True}},
        )
        return result.matched_count == 1

    async def holder_of(self, seller_id: str, provider_job_id: str) -> AttemptRecord | None:
        stored = await self._attempts.find_one({"seller_id": seller_id, "provider_job_id": provider_job_id})
        return None if stored is None else read_attempt(stored)

    async def ended(self, job_id: str) -> None:
        await self._attempts.update_many({"job_id": job_id, "current": True}, {"$unset": {"current": ""}})
