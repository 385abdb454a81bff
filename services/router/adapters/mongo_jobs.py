"""Jobs in MongoDB, as api keeps them: only read here."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import timedelta

from services.router.adapters.first_ids import first_ids
from shared.contracts.records.job import COLLECTION, JobRecord, JobStatus, read_job
from shared.kernel.clock import Clock
from shared.storage.mongo import ASCENDING, Database


class MongoJobs:
    """See :class:`services.router.ports.Jobs`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._jobs = database[COLLECTION]
        self._clock = clock

    async def find(self, job_id: str) -> JobRecord | None:
        document = await self._jobs.find_one({"_id": job_id, "status": {"$ne": JobStatus.VOID.value}})
        return None if document is None else read_job(document)

    async def queued(self, older_than: timedelta, most: int, *, without: Container[str] = frozenset()) -> Sequence[str]:
        at = self._clock.now()
        wanted = {
            "status": JobStatus.QUEUED.value,
            "expires_at": {"$gt": at},
            "created_at": {"$lt": at - older_than},
        }
        cursor = self._jobs.find(wanted, {"_id": 1}).sort("expires_at", ASCENDING).batch_size(most)
        return await first_ids(cursor, "_id", most, without)
