"""The board of all markets: priced at most once a second, however many look at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from shared.kernel.clock import Clock

FRESH_FOR: Final = timedelta(seconds=1)
"""Pricing ten thousand offers takes the better part of a tenth of a second, and anybody may ask for it."""

Lines = list[dict[str, Any]]


class Board:
    """Keeps the lines that were made last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: Lines = []
        self._made_at: float | None = None

    def lines(self, make: Callable[[], Lines]) -> Lines:
        """The lines as they were a second ago at most."""
        now = self._clock.monotonic()
        if self._made_at is None or now - self._made_at >= FRESH_FOR.total_seconds():
            self._lines, self._made_at = make(), now
        return self._lines
