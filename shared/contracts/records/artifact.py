"""An artifact as its owner, artifacts, keeps it: the truth about length and hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.contracts.records.document import Document

COLLECTION: Final = "artifacts"


class ArtifactState(StrEnum):
    """How far an output came."""

    CLAIMED = "claimed"
    """Somebody is fetching it, until the lease ends."""
    STORED = "stored"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """Output ``index`` of a job, as far as it came in ``attempt``."""

    job_id: str
    index: int
    attempt: int
    state: ArtifactState
    lease_until: datetime | None


def artifact_id(job_id: str, index: int) -> str:
    """The id under which one output is kept."""
    return f"{job_id}:{index}"


def read_artifact(document: Document) -> ArtifactRecord:
    """The record of a stored output."""
    return ArtifactRecord(
        job_id=document["job_id"],
        index=document["index"],
        attempt=document["attempt"],
        state=ArtifactState(document["state"]),
        lease_until=document.get("lease_until"),
    )
