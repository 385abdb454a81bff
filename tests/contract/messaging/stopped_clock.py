"""A clock that stands still until it is moved."""

import asyncio
from datetime import UTC, datetime, timedelta


class StoppedClock:
    """``Clock`` for tests: sleepers wake, in the order of their times, when the hands are moved past them."""

    def __init__(self, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._at = at
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    @property
    def sleepers(self) -> int:
        """How many wait for the hands to move."""
        return len(self._sleepers)

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.append((self._elapsed + seconds, sleeper))
            await sleeper

    def move(self, by: timedelta) -> None:
        """Move the hands forward."""
        self._at += by
        self._elapsed += by.total_seconds()
        due = sorted((s for s in self._sleepers if s[0] <= self._elapsed), key=lambda s: s[0])
        self._sleepers = [s for s in self._sleepers if s[0] > self._elapsed]
        for _, sleeper in due:
            if not sleeper.done():
                sleeper.set_result(None)
