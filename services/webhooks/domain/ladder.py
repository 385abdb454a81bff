"""The ladder of a delivery: how long to wait before each attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, TypeAlias

from shared.kernel.backoff import Random, jittered

Ladder: TypeAlias = Sequence[timedelta]

LADDER: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 30, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""The waits before attempt 1, 2, … 11: a little over three days in all."""

SPREAD: Final = 0.1


def wait_before(attempt: int, ladder: Ladder, random: Random, *, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait before ``attempt`` (from 1), spread by a tenth; None when the ladder has ended.

    On a ladder that grows, no wait is shorter than the one before, wherever in its spread
    that fell.  ``asked`` is what the receiver asked for, honoured from the step up to twice
    the step.
    """
    if not 1 <= attempt <= len(ladder):
        return None
    step = ladder[attempt - 1]
    before = ladder[attempt - 2] if attempt > 1 else timedelta()
    wait = max(jittered(step, SPREAD, random), min(step, before * (1 + SPREAD)))
    return wait if asked is None else max(wait, min(asked, 2 * step))
