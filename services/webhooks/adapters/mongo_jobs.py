"""Jobs, read where api keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.contracts.records.job import ENDED, JobRecord, read_job
from shared.storage.mongo import ASCENDING, Collection

_ENDED: Final = sorted(status.value for status in ENDED)
_AT_ONCE: Final = 500


class MongoJobs:
    """See :class:`services.webhooks.ports.Jobs`."""

    def __init__(self, jobs: Collection) -> None:
        self._jobs = jobs

    async def find(self, job_id: str) -> JobRecord | None:
        document = await self._jobs.find_one({"_id": job_id})
        return None if document is None else read_job(document)

    async def ended_since(self, since: datetime, *, before: datetime) -> Sequence[JobRecord]:
        cursor = self._jobs.find(
            {
                "ended_at": {"$gt": since, "$lt": before},
                "status": {"$in": _ENDED},
                "webhook_url": {"$ne": None},
                "settlement_status": {"$ne": "pending"},
            }
        )
        return [read_job(document) async for document in cursor.sort("ended_at", ASCENDING).limit(_AT_ONCE)]
