"""Waiting for a fact, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(fact: Callable[[], Awaitable[T]], *, within: float = 10, every: float = 0.05) -> T:
    """Return the first true value of ``fact``, which is looked at again and again for ``within`` seconds."""
    end = time.monotonic() + within
    while True:
        found = await fact()
        if found:
            return found
        assert time.monotonic() < end, f"not true within {within:g} s; last seen: {found!r:.1000}"
        await asyncio.sleep(every)


async def happens(fact: Callable[[], T], *, within: float = 10, every: float = 0.05) -> T:
    """The same for a fact that is seen without waiting."""

    async def look() -> T:
        return fact()

    return await eventually(look, within=within, every=every)
