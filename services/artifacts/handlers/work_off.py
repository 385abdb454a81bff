"""Work off what is due: one thing is taken at a time, several are worked on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def work_off(
    take: Callable[[], Awaitable[T | None]], work: Callable[[T], Awaitable[None]], *, at_once: int
) -> None:
    """Return when nothing more could be taken and all that was is done.

    The first failure ends it; what was taken by then is due again when its lease is over.
    """
    free = asyncio.Semaphore(at_once)

    async def one(thing: T) -> None:
        try:
            await work(thing)
        finally:
            free.release()

    async with asyncio.TaskGroup() as group:
        while True:
            await free.acquire()
            thing = await take()
            if thing is None:
                return
            group.create_task(one(thing))
