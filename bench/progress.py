"""Lines that say what is under way."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]


def stopwatch() -> Say:
    """What writes lines with the seconds since now, beside the figures rather than among them."""
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", file=sys.stderr, flush=True)

    return say
