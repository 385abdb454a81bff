"""Work in numbers: so many at once, and what part of them was done within which time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def done_at_once(number: int, at_once: int, work: Callable[[int], Awaitable[T]]) -> list[T]:
    """Do ``work`` for 0, 1, … up to ``number``, so many at once; the results, in that order."""
    numbers = iter(range(number))
    results: dict[int, T] = {}

    async def worker() -> None:
        for index in numbers:
            results[index] = await work(index)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
    return [results[index] for index in range(number)]


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
