"""Work on many things at once, so that neither a slow nor a broken one keeps the others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def together(work: Callable[[T], Awaitable[object]], items: Iterable[T]) -> None:
    """Work on every item; when all are done, raise what the first one that failed raised."""
    outcomes = await asyncio.gather(*(work(item) for item in items), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
