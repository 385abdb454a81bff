"""Why a body is not the audio that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What is wrong, in one word."""

    NOT_AUDIO = "not_audio"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    WRONG_DURATION = "wrong_duration"
    COMPRESSED = "compressed"
    GONE = "gone"
    """The provider does not hand it out (any more)."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """It cannot be kept; ``message`` may be shown to the buyer."""

    reason: Reason
    message: str
    code: str | None = None
    """Set where it is the job's own request that was wrong; the job's error code then."""
    suggestion: str | None = None
    """A prompt that the provider would rather take."""


class NotAudio(Exception):
    """Raised by a parser: these bytes do not follow the rules of the format."""


class CutShort(Exception):
    """Raised by a parser: the end is missing."""
