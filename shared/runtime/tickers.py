"""Work that comes round: sweeps and refreshes, each in a loop of its own that nothing but the end stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from shared.kernel.backoff import jittered
from shared.kernel.clock import Clock
from shared.runtime.tracing import span

CUT_OFF: Final = timedelta(seconds=1)
"""For a round to heed that it was cut off."""

log = structlog.get_logger("ticker")


@dataclass(frozen=True, slots=True)
class Ticker:
    """``work`` again and again, ``every`` so often, a little spread; never twice at once in a process.

    When the process is to end, a round may end first: cut off in the middle of a submit, it would leave
    an outcome that nobody knows.  Work that is ``lasting`` has no end to wait for: it is cancelled at
    once, and has the same time to bring what it began to an end.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]
    lasting: bool = False


@asynccontextmanager
async def ticking(
    tickers: Sequence[Ticker], clock: Clock, random: Callable[[], float], *, drain: timedelta
) -> AsyncIterator[None]:
    """Run every ticker until the block is left; then no round begins, and those that run have ``drain`` to end."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(tick(ticker, clock, random, stop), name=ticker.name) for ticker in tickers]
    try:
        yield
    finally:
        stop.set()
        for ticker, task in zip(tickers, tasks, strict=True):
            if ticker.lasting:
                task.cancel()
        await _ended(tasks, drain)


async def tick(ticker: Ticker, clock: Clock, random: Callable[[], float], stop: asyncio.Event) -> None:
    """Run a ticker until ``stop`` is set and its round has ended.

    A round that fails is logged, and the next one comes all the same.
    """
    structlog.contextvars.bind_contextvars(ticker=ticker.name)
    while True:
        await _pause(clock, jittered(ticker.every, 0.2, random), stop)
        if stop.is_set():
            return
        with span(f"tick {ticker.name}"):
            try:
                await ticker.work()
            except Exception as error:
                log.warning("ticker failed", error=f"{type(error).__name__}: {error}", exc_info=error)


async def _pause(clock: Clock, wait: timedelta, unless: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(clock.sleep(wait.total_seconds())), asyncio.ensure_future(unless.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()


async def _ended(tasks: Sequence[asyncio.Task[None]], within: timedelta) -> None:
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=within.total_seconds())
    for task in late:
        log.warning("round cut off", ticker=task.get_name(), seconds=within.total_seconds())
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=CUT_OFF.total_seconds())
