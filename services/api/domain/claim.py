"""Claims on an idempotency key: which job it names, and who may make that job now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeAlias

LEASE: Final = timedelta(seconds=3)
"""A claim this old whose job is missing belongs to a handler that died, or is as good as dead.

Two handlers at work on one claim do no harm: they name the same job, and holds and jobs are
taken once by name.
"""
WAIT: Final = timedelta(seconds=5)
"""How long a repetition waits for the first request."""
KEPT_FOR: Final = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The caller makes the job, under this id: a new one, or the one that an earlier handler left unmade."""

    job_id: str
    holder: str = field(default="", compare=False)
    """Names this very claim, so that only who holds it can free the key."""


@dataclass(frozen=True, slots=True)
class ClaimedElsewhere:
    """The key names this job, which another handler made or is making.  ``fingerprint`` is of its body."""

    job_id: str
    fingerprint: str


Claim: TypeAlias = Claimed | ClaimedElsewhere
