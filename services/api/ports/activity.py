"""What has lately been made, for the market's public pages and for sellers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.job import JobRecord
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Volume:
    """Jobs that were paid for, and what their buyers paid."""

    jobs: int
    paid: Money


class Activity(Protocol):
    """Jobs that succeeded, whoever's they are."""

    async def latest(self, limit: int) -> Sequence[JobRecord]:
        """The last ones, newest first."""
        ...

    async def volumes(self, since: datetime) -> Mapping[str, Volume]:
        """What was made from that instant on, by model."""
        ...


class Histories(Protocol):
    """What became of offers."""

    async def of_offer(self, offer_id: str, limit: int) -> Sequence[AttemptRecord]:
        """The latest attempts at an offer, newest first."""
        ...
