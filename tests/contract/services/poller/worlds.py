"""The records on each technology, with a way to write what their owners write."""

from __future__ import annotations

from typing import Protocol

from services.poller.adapters.memory_records import MemoryRecords
from services.poller.adapters.mongo_records import MongoRecords
from services.poller.ports import Records
from shared.contracts.records import artifact, job
from shared.contracts.records.artifact import ArtifactRecord
from shared.contracts.records.job import JobStatus
from shared.storage.mongo import Database
from tests.contract.services.router.documents import artifact_document, job_document
from tests.unit.services.router.market import job as a_job


class World(Protocol):
    """The port under test, and the hands of its owners."""

    records: Records

    async def put_job(self, job_id: str, status: JobStatus) -> None: ...

    async def put_artifact(self, artifact: ArtifactRecord) -> None: ...


class MemoryWorld:
    """All in memory."""

    def __init__(self) -> None:
        self._kept = MemoryRecords()
        self.records: Records = self._kept

    async def put_job(self, job_id: str, status: JobStatus) -> None:
        self._kept.put_job(job_id, status)

    async def put_artifact(self, artifact: ArtifactRecord) -> None:
        self._kept.put_artifact(artifact)


class MongoWorld:
    """A database of this test's own."""

    def __init__(self, database: Database) -> None:
        self._jobs, self._artifacts = database[job.COLLECTION], database[artifact.COLLECTION]
        self.records: Records = MongoRecords(database)

    async def put_job(self, job_id: str, status: JobStatus) -> None:
        await self._jobs.replace_one({"_id": job_id}, job_document(a_job(job_id, status=status)), upsert=True)

    async def put_artifact(self, artifact: ArtifactRecord) -> None:
        document = artifact_document(artifact)
        await self._artifacts.replace_one({"_id": document["_id"]}, document, upsert=True)
