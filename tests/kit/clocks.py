"""Clocks that stand still: one that a sleep moves on, and one that keeps whoever sleeps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from tests.kit.waiting import others_run


class StoppedClock:
    """A :class:`~shared.kernel.clock.Clock` that moves only when told, or when somebody sleeps.

    Sleeping takes no time: it moves the hands on and gives others their turn.
    """

    def __init__(self, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._began_at = at
        self._passed = 0.0

    def now(self) -> datetime:
        return self._began_at + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Seconds since it was made."""
        return self._passed

    async def sleep(self, seconds: float) -> None:
        # In seconds all through: a timedelta would round the last wait of a limiter down to nothing, for ever.
        self._passed += max(seconds, 0.0)
        await others_run()

    def move(self, by: timedelta) -> None:
        """Move the hands forward."""
        self._passed += by.total_seconds()


class HeldClock(StoppedClock):
    """One whose sleepers wake, in the order of their times, when the hands are moved past them."""

    def __init__(self, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        super().__init__(at)
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    @property
    def sleepers(self) -> int:
        """How many wait for the hands to move."""
        return len(self._sleepers)

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.append((self.monotonic() + seconds, sleeper))
            await sleeper

    def move(self, by: timedelta) -> None:
        super().move(by)
        due = sorted((s for s in self._sleepers if s[0] <= self.monotonic()), key=lambda s: s[0])
        self._sleepers = [s for s in self._sleepers if s[0] > self.monotonic()]
        for _, sleeper in due:
            if not sleeper.done():
                sleeper.set_result(None)
