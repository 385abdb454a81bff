"""One output of a job: where its audio is kept, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.artifacts.domain.audio.unfit import Unfit
from shared.contracts.records.artifact import ArtifactState

FOLDER: Final = "async-media/"
ONLY: Final = 0
"""The index of the one output that a job of music has."""


def output_prefix(job_id: str, index: int) -> str:
    """What the key of every object of one output begins with, whatever its format."""
    return f"{FOLDER}{job_id}/{index}."


def object_key(job_id: str, index: int, extension: str) -> str:
    """The key of an output's object."""
    return output_prefix(job_id, index) + extension


@dataclass(frozen=True, slots=True)
class Audio:
    """What was counted, hashed and heard of a body on its way in."""

    key: str
    content_type: str
    bytes: int
    sha256: str
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Output:
    """Output ``index`` of a job as far as it came in ``attempt``, the latest that was fetched from."""

    job_id: str
    index: int
    kind: str
    attempt: int
    offer_id: str
    state: ArtifactState
    audio: Audio | None = None
    """Set once it is stored."""
    retained_until: datetime | None = None
    unfit: Unfit | None = None
    """Set once it is rejected."""
