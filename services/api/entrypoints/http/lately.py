"""What the public pages tell of the last day: read once in a while, however many look."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.ports import Activity, Volume
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import Clock

DAY: Final = timedelta(days=1)
FRESH_FOR: Final = timedelta(seconds=10)
SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """The last jobs that were paid for, and the last day's by model."""

    jobs: Sequence[JobRecord]
    volumes: Mapping[str, Volume]
    at: float


class Lately:
    """Reads again when what it saw is older than ten seconds, and never twice at once."""

    def __init__(self, activity: Activity, clock: Clock) -> None:
        self._activity = activity
        self._clock = clock
        self._seen: Seen | None = None
        self._reading = asyncio.Lock()

    async def seen(self) -> Seen:
        """What was there a moment ago."""
        async with self._reading:
            now = self._clock.monotonic()
            if self._seen is None or now - self._seen.at > FRESH_FOR.total_seconds():
                jobs = await self._activity.latest(SHOWN)
                self._seen = Seen(jobs, await self._activity.volumes(self._clock.now() - DAY), now)
            return self._seen
