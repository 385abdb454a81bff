"""Why a further attempt must not be made, from what others keep about the job."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from shared.contracts.records.artifact import ArtifactRecord, ArtifactState
from shared.contracts.records.job import JobRecord


class Objection(StrEnum):
    """What stands against sending a job to a provider."""

    CANCELED = "canceled"
    ENDED = "ended"
    """It is over, or its id was never a job."""
    ARTIFACT = "artifact"
    """Its audio is being fetched or kept already."""


def objection(job: JobRecord | None, artifacts: Sequence[ArtifactRecord]) -> Objection | None:
    """What stands against a new attempt, if anything does."""
    if job is None or job.ended:
        return Objection.ENDED
    if any(has_audio(artifact) for artifact in artifacts):
        return Objection.ARTIFACT
    if job.cancel_requested_at is not None:
        return Objection.CANCELED
    return None


def has_audio(artifact: ArtifactRecord) -> bool:
    """Whether somebody holds, or is about to hold, the output."""
    return artifact.state is not ArtifactState.REJECTED
