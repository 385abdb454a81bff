"""Jobs, read where api keeps them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from shared.contracts.records.job import ENDED, JobRecord, JobStatus, read_job
from shared.storage.mongo import ASCENDING, Collection

_ENDED: Final = sorted(status.value for status in ENDED)


class MongoJobs:
    """See :class:`services.webhooks.ports.Jobs`."""

    def __init__(self, jobs: Collection) -> None:
        self._jobs = jobs

    async def find(self, job_id: str) -> JobRecord | None:
        document = await self._jobs.find_one({"_id": job_id, "status": {"$ne": JobStatus.VOID.value}})
        return None if document is None else read_job(document)

    async def ended(self, since: datetime, *, before: datetime) -> AsyncIterator[JobRecord]:
        query = {
            "ended_at": {"$gte": since, "$lt": before},
            "status": {"$in": _ENDED},
            "webhook_url": {"$type": "string"},
        }
        async for document in self._jobs.find(query).sort("ended_at", ASCENDING):
            yield read_job(document)
