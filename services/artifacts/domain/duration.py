"""Whether audio is long enough to be what was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.unfit import Reason, Unfit

LEAST_SHARE: Final = 0.4
"""Less than that of what was asked for is something else.  What is shorter is billed by its own length, and what
is longer by the length that was asked for; whether a file was cut, its own structure tells."""
SHORTEST: Final = timedelta(milliseconds=100)


def misfit(duration: timedelta, asked: timedelta | None) -> Unfit | None:
    """What is wrong with the length, if anything is; without a wish any length but none at all will do."""
    if duration < SHORTEST:
        return Unfit(Reason.WRONG_DURATION, "the audio has no length")
    if asked is None or duration >= asked * LEAST_SHARE:
        return None
    message = f"the audio is {duration.total_seconds():.1f} s long, {asked.total_seconds():g} s were asked for"
    return Unfit(Reason.WRONG_DURATION, message)
