"""Jobs in MongoDB, as api keeps them: only read here."""

from __future__ import annotations

from shared.contracts.records.job import COLLECTION, JobRecord, JobStatus, read_job
from shared.storage.mongo import Database


class MongoJobs:
    """See :class:`services.artifacts.ports.Jobs`."""

    def __init__(self, database: Database) -> None:
        self._jobs = database[COLLECTION]

    async def find(self, job_id: str) -> JobRecord | None:
        document = await self._jobs.find_one({"_id": job_id, "status": {"$ne": JobStatus.VOID.value}})
        return None if document is None else read_job(document)
