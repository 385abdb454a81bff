"""The ladder of a delivery: how long to wait before each attempt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from shared.kernel.backoff import jittered

LADDER: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 30, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""The waits before attempt 1, 2, … 11: a little over three days in all."""

SPREAD: Final = 0.1


def wait_before(
    attempt: int,
    ladder: Sequence[timedelta],
    random: Callable[[], float],
    *,
    not_before: timedelta | None = None,
) -> timedelta | None:
    """How long to wait before ``attempt`` (from 1), spread by a tenth; None when the ladder has ended.

    ``not_before`` is what the receiver asked for, honoured up to twice the step.
    """
    if not 1 <= attempt <= len(ladder):
        return None
    step = ladder[attempt - 1]
    wait = jittered(step, SPREAD, random)
    return wait if not_before is None else max(wait, min(not_before, 2 * step))
