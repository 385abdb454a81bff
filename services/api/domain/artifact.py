"""Stored audio, as its buyer asks for it."""

from __future__ import annotations

from services.api.domain.refusals import Refusal
from shared.contracts.records.job import JobRecord, Result


class ArtifactNotFound(Refusal):
    """The job has no such output, or none yet."""

    def __init__(self) -> None:
        super().__init__("artifact_not_found", "this job has no such artifact")


class ArtifactExpired(Refusal):
    """There was such an output, and it was kept for as long as was promised."""

    def __init__(self) -> None:
        super().__init__("artifact_expired", "this artifact is not kept any longer")


def artifact_of(job: JobRecord, index: int) -> Result:
    """Output ``index`` of a job; raises :class:`ArtifactNotFound` or :class:`ArtifactExpired`."""
    found = next((result for result in job.results if result.index == index), None)
    if found is None:
        raise ArtifactNotFound
    if found.expired:
        raise ArtifactExpired
    return found
