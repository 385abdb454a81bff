"""Waiting: spread a little, so that what failed together does not come back together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeAlias

Random: TypeAlias = Callable[[], float]
"""A number from 0 up to, not including, 1."""


_MOST_DOUBLINGS: Final = 32


def jittered(delay: timedelta, fraction: float, random: Random) -> timedelta:
    """``delay`` moved by at most ``fraction`` of itself, either way."""
    return delay * (1 + fraction * (2 * random() - 1))


def exponential(first: timedelta, step: int, cap: timedelta) -> timedelta:
    """``first`` doubled ``step`` times (0 leaves it alone), never above ``cap``."""
    return min(first * (1 << min(step, _MOST_DOUBLINGS)), cap)
