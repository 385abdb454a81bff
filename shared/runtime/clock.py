"""The machine's own clock: the one place that reads it."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """Real time.  See :class:`shared.kernel.clock.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
