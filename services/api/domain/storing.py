"""What storing a new job can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shared.contracts.records.job import JobRecord


@dataclass(frozen=True, slots=True)
class Inserted:
    """The job is stored."""


@dataclass(frozen=True, slots=True)
class AlreadyStored:
    """The same id was stored before; the job as it is now."""

    job: JobRecord


@dataclass(frozen=True, slots=True)
class Voided:
    """The id was given up, its hold released: no job will ever have it."""


Stored: TypeAlias = Inserted | AlreadyStored | Voided
