"""Whether a process can do its work now: broker and database answer, and its clock is right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from shared.kernel.clock import Clock
from shared.runtime.tickers import Ticker

FARTHEST: Final = timedelta(seconds=30)
"""Between a process's clock and its database's.  Beyond, links and webhooks bear times that others refuse."""
_COMPARED_EVERY: Final = timedelta(hours=1)

log = structlog.get_logger("readiness")


def apart(there: datetime, *, asked_at: datetime, answered_at: datetime) -> timedelta:
    """How far another clock is from ours, at least, if it showed ``there`` at some moment between our two."""
    return max(asked_at - there, there - answered_at, timedelta())


class Readiness:
    """Finds out when it is asked, and once an hour when nobody asks.

    ``ask_database`` gives the instant by the database's clock, or None when it does not answer in time.
    A process that ``serves`` callers goes on without the broker once it has been there: what it takes meanwhile
    is told later.
    """

    def __init__(
        self,
        *,
        consuming: Callable[[], bool],
        ask_database: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        serves: bool = False,
    ) -> None:
        self._consuming = consuming
        self._ask_database = ask_database
        self._clock = clock
        self._serves = serves
        self._right = True
        self._has_consumed = False

    @property
    def ticker(self) -> Ticker:
        """The look that nobody asks for."""
        return Ticker("compare clocks", _COMPARED_EVERY, self.failing)

    async def failing(self) -> list[str]:
        """What keeps the process from its work: ``broker``, ``clock``, ``database``, or nothing."""
        answers = await self._look()
        checks = {"broker": self._broker_suffices(), "clock": self._right, "database": answers}
        return [name for name, well in checks.items() if not well]

    def _broker_suffices(self) -> bool:
        consuming = self._consuming()
        self._has_consumed |= consuming
        return consuming or (self._serves and self._has_consumed)

    async def _look(self) -> bool:
        """Whether the database answers; if so, by its clock, the finding about ours is made anew."""
        asked_at = self._clock.now()
        there = await self._ask_database()
        if there is not None:
            self._find(apart(there, asked_at=asked_at, answered_at=self._clock.now()))
        return there is not None

    def _find(self, distance: timedelta) -> None:
        right = distance <= FARTHEST
        if right is self._right:
            return
        self._right = right
        if right:
            log.info("the clock is right again")
        else:
            log.error("the clock is wrong: it differs from the database's", seconds=distance.total_seconds())
