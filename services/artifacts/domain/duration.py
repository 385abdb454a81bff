"""Whether audio is as long as was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.unfit import Reason, Unfit

MISSING_SHARE: Final = 0.05
MISSING_AT_LEAST: Final = timedelta(seconds=1)
"""Up to a twentieth, or a second where that is more, may be missing: encoders and models round."""
SURPLUS_SHARE: Final = 1.0
SURPLUS_AT_LEAST: Final = timedelta(seconds=30)
"""What comes on top is a gift, up to as much again."""
SHORTEST: Final = timedelta(milliseconds=100)


def misfit(duration: timedelta, asked: timedelta | None) -> Unfit | None:
    """What is wrong with the length, if anything is; without a wish any length but none at all will do."""
    if duration < SHORTEST:
        return Unfit(Reason.WRONG_DURATION, "the audio has no length")
    if asked is None:
        return None
    shortest = asked - max(asked * MISSING_SHARE, MISSING_AT_LEAST)
    longest = asked + max(asked * SURPLUS_SHARE, SURPLUS_AT_LEAST)
    if shortest <= duration <= longest:
        return None
    message = f"the audio is {duration.total_seconds():.1f} s long, {asked.total_seconds():g} s were asked for"
    return Unfit(Reason.WRONG_DURATION, message)
