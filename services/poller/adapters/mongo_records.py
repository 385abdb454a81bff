"""Jobs and artifacts in MongoDB, as their services keep them: only read here."""

from __future__ import annotations

from collections.abc import Collection, Set
from typing import Final

from shared.contracts.records import artifact, job
from shared.contracts.records.artifact import ArtifactState, artifact_id
from shared.contracts.records.job import LIVE
from shared.storage.mongo import Database

_LIVE: Final = [status.value for status in LIVE]
_ONLY: Final = 0
"""Music has one output a job."""
_AT_ONCE: Final = 1000


class MongoRecords:
    """See :class:`services.poller.ports.Records`."""

    def __init__(self, database: Database) -> None:
        self._jobs = database[job.COLLECTION]
        self._artifacts = database[artifact.COLLECTION]

    async def ended(self, job_ids: Collection[str]) -> Set[str]:
        ids, found = sorted(job_ids), set()
        for start in range(0, len(ids), _AT_ONCE):
            wanted = {"_id": {"$in": ids[start : start + _AT_ONCE]}, "status": {"$nin": _LIVE}}
            found |= {document["_id"] async for document in self._jobs.find(wanted, {"_id": 1})}
        return found

    async def settled(self, job_id: str, attempt: int) -> bool:
        judged = {
            "_id": artifact_id(job_id, _ONLY),
            "attempt": {"$gte": attempt},
            "state": {"$ne": ArtifactState.CLAIMED.value},
        }
        if await self._artifacts.find_one(judged, {"_id": 1}) is not None:
            return True
        return bool(await self.ended([job_id]))
