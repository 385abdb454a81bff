"""Work off what is due: one thing is taken at a time, several are worked on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def work_off(
    take: Callable[[], Awaitable[T | None]], work: Callable[[T], Awaitable[None]], *, at_once: int
) -> None:
    """Return when nothing more could be taken and all that was is done.

    After the first failure nothing more is taken, but what was is worked on to its end; then the failure
    is raised.  What failed is due again when its lease is over.
    """
    free = asyncio.Semaphore(at_once)
    failures: list[BaseException] = []

    async def tried(step: Awaitable[R]) -> R | None:
        (outcome,) = await asyncio.gather(step, return_exceptions=True)
        if isinstance(outcome, BaseException):
            failures.append(outcome)
            return None
        return outcome

    async def one(thing: T) -> None:
        await tried(work(thing))
        free.release()

    async with asyncio.TaskGroup() as group:
        while True:
            await free.acquire()
            thing = None if failures else await tried(take())
            if thing is None:
                break
            group.create_task(one(thing))
    if failures:
        raise failures[0]
