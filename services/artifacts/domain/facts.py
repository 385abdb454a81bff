"""What is said of an output, told from what is kept of it, so that it can be told again."""

from __future__ import annotations

from datetime import timedelta

from services.artifacts.domain.output import Output
from shared.contracts.artifact_events import ArtifactExpired, ArtifactRejected, ArtifactStored
from shared.contracts.event import Event
from shared.contracts.records.artifact import ArtifactState


def fact_of(output: Output) -> Event:
    """What is to be said of an output that is stored or rejected."""
    return stored(output) if output.state is ArtifactState.STORED else rejected(output)


def stored(output: Output) -> ArtifactStored:
    """The audio is kept."""
    if output.audio is None or output.retained_until is None:
        raise ValueError(f"output {output.index} of job {output.job_id} is not stored")
    return ArtifactStored(
        job_id=output.job_id,
        kind=output.kind,
        attempt=output.attempt,
        index=output.index,
        key=output.audio.key,
        content_type=output.audio.content_type,
        bytes=output.audio.bytes,
        sha256=output.audio.sha256,
        duration_millis=round(output.audio.duration / timedelta(milliseconds=1)),
        retained_until=output.retained_until,
    )


def rejected(output: Output) -> ArtifactRejected:
    """The audio is not what was asked for."""
    if output.unfit is None:
        raise ValueError(f"output {output.index} of job {output.job_id} is not rejected")
    return ArtifactRejected(
        job_id=output.job_id,
        kind=output.kind,
        attempt=output.attempt,
        index=output.index,
        offer_id=output.offer_id,
        reason=output.unfit.reason.value,
        message=output.unfit.message,
        code=output.unfit.code,
        suggestion=output.unfit.suggestion,
    )


def expired(output: Output) -> ArtifactExpired:
    """The object is gone."""
    return ArtifactExpired(job_id=output.job_id, kind=output.kind, attempt=output.attempt, index=output.index)
