"""What the router keeps and api reads, in memory, to be filled by hand."""

from __future__ import annotations

from collections.abc import Iterable, Set

from shared.contracts.records.attempt import OPEN, AttemptRecord
from shared.market.standings import Standing


class MemoryAttempts:
    """See :class:`services.api.ports.Attempts`."""

    def __init__(self) -> None:
        self._attempts: dict[str, AttemptRecord] = {}

    def put(self, attempt: AttemptRecord) -> None:
        """As if the router had stored it."""
        self._attempts[attempt.id] = attempt

    async def find(self, job_id: str, number: int) -> AttemptRecord | None:
        return next((each for each in self._of(job_id) if each.number == number), None)

    async def attempted(self, job_ids: Iterable[str]) -> Set[str]:
        return {job_id for job_id in job_ids if self._of(job_id)}

    async def keys_in_use(self, offer_id: str) -> Set[str]:
        attempts = self._attempts.values()
        return {each.key_id for each in attempts if each.offer_id == offer_id and each.state in OPEN}

    def _of(self, job_id: str) -> list[AttemptRecord]:
        return [each for each in self._attempts.values() if each.job_id == job_id]


class MemoryStandings:
    """See :class:`services.api.ports.Standings`."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}

    def put(self, standing: Standing) -> None:
        """As if the router had stored it."""
        self._standings[standing.offer_id] = standing

    async def all(self) -> list[Standing]:
        return list(self._standings.values())
