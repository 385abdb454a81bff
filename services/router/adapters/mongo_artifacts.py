"""Artifacts in MongoDB, as their service keeps them: only read here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.contracts.records.artifact import COLLECTION, ArtifactRecord, artifact_id, read_artifact
from shared.storage.mongo import Database

_OUTPUTS: Final = 1
"""Music has one output a job."""


class MongoArtifacts:
    """See :class:`services.router.ports.Artifacts`."""

    def __init__(self, database: Database) -> None:
        self._artifacts = database[COLLECTION]

    async def of_job(self, job_id: str) -> Sequence[ArtifactRecord]:
        ids = [artifact_id(job_id, index) for index in range(_OUTPUTS)]
        documents = await self._artifacts.find({"_id": {"$in": ids}}).to_list(None)
        return [read_artifact(document) for document in documents]
