"""Work that comes round: sweeps and refreshes, each in a loop of its own that nothing but the end stops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from shared.kernel.backoff import jittered
from shared.kernel.clock import Clock
from shared.runtime.tracing import span

log = structlog.get_logger("ticker")


@dataclass(frozen=True, slots=True)
class Ticker:
    """``work`` again and again, ``every`` so often, a little spread; never twice at once in a process."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]


async def tick(ticker: Ticker, clock: Clock, random: Callable[[], float]) -> None:
    """Run a ticker until cancelled.  A round that fails is logged, and the next one comes all the same."""
    structlog.contextvars.bind_contextvars(ticker=ticker.name)
    while True:
        await clock.sleep(jittered(ticker.every, 0.2, random).total_seconds())
        with span(f"tick {ticker.name}"):
            try:
                await ticker.work()
            except Exception as error:
                log.warning("ticker failed", error=f"{type(error).__name__}: {error}", exc_info=error)
