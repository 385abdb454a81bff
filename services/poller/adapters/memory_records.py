"""Jobs and artifacts in memory, for tests of what reads them."""

from __future__ import annotations

from collections.abc import Collection, Set

from shared.contracts.records.artifact import ArtifactRecord, ArtifactState
from shared.contracts.records.job import LIVE, JobStatus


class MemoryRecords:
    """See :class:`services.poller.ports.Records`."""

    def __init__(self) -> None:
        self._jobs: dict[str, JobStatus] = {}
        self._artifacts: dict[tuple[str, int], ArtifactRecord] = {}

    def put_job(self, job_id: str, status: JobStatus) -> None:
        """Keep a job as it now is."""
        self._jobs[job_id] = status

    def put_artifact(self, artifact: ArtifactRecord) -> None:
        """Keep an output as it now is."""
        self._artifacts[artifact.job_id, artifact.index] = artifact

    async def ended(self, job_ids: Collection[str]) -> Set[str]:
        return {job_id for job_id in job_ids if job_id in self._jobs and self._jobs[job_id] not in LIVE}

    async def settled(self, job_id: str, attempt: int) -> bool:
        output = self._artifacts.get((job_id, 0))
        judged = output is not None and output.attempt >= attempt and output.state is not ArtifactState.CLAIMED
        return judged or bool(await self.ended([job_id]))
