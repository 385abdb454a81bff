"""What a test sees of the messages that ended, and how it waits for them."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from shared.messaging.handled import Handled, Outcome

WITHIN_SECONDS = 15.0

T = TypeVar("T")


class Observed:
    """An observer that remembers, and wakes whoever waits for more."""

    def __init__(self) -> None:
        self.ended: list[Handled] = []
        self._more = asyncio.Event()

    def __call__(self, handled: Handled) -> None:
        self.ended.append(handled)
        self._more.set()

    @property
    def outcomes(self) -> list[Outcome]:
        return [handled.outcome for handled in self.ended]

    async def count(self, outcome: Outcome, wanted: int = 1, within: float = WITHIN_SECONDS) -> list[Handled]:
        """Return the messages that ended so, once there are that many."""
        async with asyncio.timeout(within):
            while len(found := [handled for handled in self.ended if handled.outcome is outcome]) < wanted:
                self._more.clear()
                await self._more.wait()
        return found


class Heard(list[T]):
    """What handlers were called with, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def append(self, item: T) -> None:
        super().append(item)
        self._more.set()

    async def until(self, fact: Callable[["Heard[T]"], bool], within: float = WITHIN_SECONDS) -> "Heard[T]":
        """Return once the fact holds."""
        async with asyncio.timeout(within):
            while not fact(self):
                self._more.clear()
                await self._more.wait()
        return self

    async def some(self, wanted: int = 1, within: float = WITHIN_SECONDS) -> "Heard[T]":
        """Return once there are that many."""
        return await self.until(lambda heard: len(heard) >= wanted, within)


async def soon(happened: asyncio.Event, within: float = WITHIN_SECONDS) -> None:
    """Return once it happened."""
    async with asyncio.timeout(within):
        await happened.wait()
