"""When a queued job that nobody attempts is said again: after 30 s, and then ever more rarely.

A router that is down for minutes must not come back to many copies of every job.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=30)


def quiet_for(times: int) -> timedelta:
    """How long after it was last said a job is said again that was said again ``times`` times."""
    return FIRST * (1 << min(times, 5))
