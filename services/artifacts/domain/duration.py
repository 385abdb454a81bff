"""Whether audio is long enough to be what was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.tape import Heard
from services.artifacts.domain.audio.unfit import Reason, Unfit

LEAST_SHARE: Final = 0.4
"""Less than that of what was asked for is something else.  What is shorter is billed by its own length, and what
is longer by the length that was asked for; whether a file was cut, its own structure tells."""
LEAST_UNPROVEN_SHARE: Final = 0.95
"""Where its structure cannot tell, what lacks more than models fall short by was cut."""
BUFFER: Final = 64 * 1024
"""Senders and relays pass bodies on in pieces of this size: one that ends with such a piece was probably cut
there, and of whole ones at most every five hundredth does."""
SHORTEST: Final = timedelta(milliseconds=100)


def misfit(heard: Heard, asked: timedelta | None, *, bytes: int) -> Unfit | None:
    """What is wrong with the length, if anything is; without a wish any length but none at all will do.

    A file of ``bytes`` whose end is not proven must come close to what was asked for, and without reaching it
    must not end where a buffer does.
    """
    duration = heard.duration
    if duration < SHORTEST:
        return Unfit(Reason.WRONG_DURATION, "the audio has no length")
    if asked is not None and duration >= asked:
        return None
    if not heard.end_is_proven and bytes % BUFFER == 0:
        return Unfit(Reason.TRUNCATED, "the audio ends where a buffer does, and nothing in it says that it should")
    if asked is None:
        return None
    lengths = f"the audio is {duration.total_seconds():.1f} s long, {asked.total_seconds():g} s were asked for"
    if not heard.end_is_proven and duration < asked * LEAST_UNPROVEN_SHARE:
        return Unfit(Reason.TRUNCATED, f"{lengths}, and nothing in it says that this is all")
    return Unfit(Reason.WRONG_DURATION, lengths) if duration < asked * LEAST_SHARE else None
