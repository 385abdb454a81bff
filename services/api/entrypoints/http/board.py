"""The pages of the markets: priced at most once a second each, however many look at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from shared.kernel.clock import Clock

FRESH_FOR: Final = timedelta(seconds=1)
"""Pricing ten thousand offers takes the better part of a tenth of a second, and anybody may ask for it."""

Lines = Sequence[Mapping[str, Any]]


class Board:
    """Keeps the lines that were made last of every page: of all markets together, and of each model."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._made: dict[str, tuple[float, Lines]] = {}

    def lines(self, page: str, make: Callable[[], Lines]) -> Lines:
        """The lines of a page as they were a second ago at most."""
        now = self._clock.monotonic()
        made = self._made.get(page)
        if made is None or now - made[0] >= FRESH_FOR.total_seconds():
            made = self._made[page] = (now, make())
        return made[1]
