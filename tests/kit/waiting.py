"""Waiting for a fact, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(fact: Callable[[], Awaitable[T]], *, within: float = 10, every: float = 0.05) -> T:
    """Return the first true value of ``fact``, which is looked at again and again for ``within`` seconds."""
    found: T | None = None
    try:
        async with asyncio.timeout(within) as patience:
            while not (found := await fact()):
                await asyncio.sleep(every)
            return found
    except TimeoutError:
        if not patience.expired():
            raise
    raise AssertionError(f"not true within {within:g} s; last seen: {found!r:.1000}")


async def happens(fact: Callable[[], T], *, within: float = 10, every: float = 0.05) -> T:
    """The same for a fact that is seen without waiting."""

    async def look() -> T:
        return fact()

    return await eventually(look, within=within, every=every)


async def others_run(turns: int = 1) -> None:
    """Let whatever is ready to run have that many turns; no time passes."""
    for _ in range(turns):
        await asyncio.sleep(0)
