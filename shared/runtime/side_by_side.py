"""The parts of a process that work side by side, and are told to end at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager


@asynccontextmanager
async def side_by_side(*parts: AbstractAsyncContextManager[object]) -> AsyncIterator[None]:
    """Enter the parts one after the other and leave them all at once: together they take as long as the slowest.

    What one of them raises at its end is raised when all have ended.
    """
    entered: list[AsyncExitStack] = []
    try:
        for part in parts:
            stack = AsyncExitStack()
            await stack.enter_async_context(part)
            entered.append(stack)
        yield
    finally:
        ends = await asyncio.gather(*(stack.aclose() for stack in entered), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end
