"""What comes round in a webhooks process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from services.webhooks.entrypoints.courier import Courier
from services.webhooks.handlers.find_missed import find_missed
from services.webhooks.handlers.tell_outcomes import tell_overdue
from services.webhooks.ports import Announcer, Deliveries, Jobs, Wake
from shared.kernel.clock import Clock
from shared.runtime.tickers import Ticker

COURIER_BACK_AFTER: Final = timedelta(seconds=1)
MISSED_EVERY: Final = timedelta(seconds=30)
UNTOLD_EVERY: Final = timedelta(seconds=10)


def tickers(
    *, courier: Courier, jobs: Jobs, deliveries: Deliveries, announcer: Announcer, clock: Clock
) -> Sequence[Ticker]:
    """The courier, who comes back when the database failed him, and two sweeps."""
    missed = MissedEndings(jobs=jobs, deliveries=deliveries, wake=courier.wake, clock=clock)
    return (
        Ticker("courier", COURIER_BACK_AFTER, courier.run, lasting=True),
        Ticker("missed endings", MISSED_EVERY, missed.look),
        Ticker("untold outcomes", UNTOLD_EVERY, partial(tell_overdue, deliveries=deliveries, announcer=announcer)),
    )


class MissedEndings:
    """One look after the other, each from where the one before arrived."""

    def __init__(self, *, jobs: Jobs, deliveries: Deliveries, wake: Wake, clock: Clock) -> None:
        self._find = partial(find_missed, jobs=jobs, deliveries=deliveries, wake=wake, clock=clock)
        self._looked_until: datetime | None = None

    async def look(self) -> None:
        """A look that fails is made again from the same place."""
        self._looked_until = await self._find(self._looked_until)
