"""What sweeps look for among the attempts in MongoDB.  Each question has a small partial index of its own."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from services.router.adapters.first_ids import first_ids
from services.router.ports import INTENT_LIVES
from shared.contracts.records.attempt import COLLECTION, AttemptRecord, AttemptState, read_attempt
from shared.kernel.clock import Clock
from shared.storage.mongo import ASCENDING, Database, IndexModel, ReturnDocument

_INDEXES: Final = (
    IndexModel(
        [("intended_at", ASCENDING)],
        name="intended",
        partialFilterExpression={"state": AttemptState.INTENDED.value},
    ),
    IndexModel(
        [("watched_at", ASCENDING)],
        name="watched",
        partialFilterExpression={"state": AttemptState.SUBMITTED.value},
    ),
    IndexModel(
        [("closed_at", ASCENDING)],
        name="undecided",
        partialFilterExpression={"current": True, "closed_at": {"$exists": True}},
    ),
    IndexModel([("expires_at", ASCENDING)], name="overdue", partialFilterExpression={"current": True}),
)


class MongoLeftovers:
    """See :class:`services.router.ports.Leftovers`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._attempts = database[COLLECTION]
        self._clock = clock

    async def ensure_indexes(self) -> None:
        """Create the indexes that are missing."""
        await self._attempts.create_indexes(list(_INDEXES))

    async def stale_intents(self, most: int) -> Sequence[str]:
        wanted = {"state": AttemptState.INTENDED.value, "intended_at": {"$lt": self._before(INTENT_LIVES)}}
        return await self._jobs_with(wanted, "intended_at", most)

    async def undecided(
        self, older_than: timedelta, most: int, *, without: Container[str] = frozenset()
    ) -> Sequence[str]:
        wanted = {"current": True, "closed_at": {"$lt": self._before(older_than)}}
        return await self._jobs_with(wanted, "closed_at", most, without)

    async def overdue(self, by: timedelta, most: int) -> Sequence[str]:
        return await self._jobs_with({"current": True, "expires_at": {"$lt": self._before(by)}}, "expires_at", most)

    async def claim_unwatched(self, silent_for: timedelta) -> AttemptRecord | None:
        claimed = await self._attempts.find_one_and_update(
            {
                "state": AttemptState.SUBMITTED.value,
                "watched_at": {"$lt": self._before(silent_for)},
                "expires_at": {"$gt": self._clock.now()},
            },
            {"$currentDate": {"watched_at": True}},
            return_document=ReturnDocument.AFTER,
        )
        return None if claimed is None else read_attempt(claimed)

    def _before(self, duration: timedelta) -> datetime:
        return self._clock.now() - duration

    async def _jobs_with(
        self, wanted: dict[str, Any], oldest_by: str, most: int, without: Container[str] = frozenset()
    ) -> Sequence[str]:
        cursor = self._attempts.find(wanted, {"job_id": 1}).sort(oldest_by, ASCENDING).batch_size(most)
        return await first_ids(cursor, "job_id", most, without)
