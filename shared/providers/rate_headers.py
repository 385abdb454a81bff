"""What an answer's headers say about coming back: Retry-After and the x-ratelimit family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from shared.egress.retry_after import LONGEST, read_retry_after

_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a key stands with its provider, as far as one answer tells."""

    per_minute: int | None = None
    remaining: int | None = None
    resets_after: timedelta | None = None
    retry_after: timedelta | None = None


def read_allowance(headers: Mapping[str, str], now: datetime) -> Allowance:
    """Read what is there; a header that makes no sense counts as absent.

    ``x-ratelimit-reset-requests`` is a Unix time, as Venice documents it, and the limit is
    taken to be per minute.  ``headers`` looks names up without regard to case.
    """
    reset = _count(headers.get("x-ratelimit-reset-requests"))
    resets_after = None if reset is None else _until(reset, now)
    return Allowance(
        per_minute=_count(headers.get("x-ratelimit-limit-requests")) or None,
        remaining=_count(headers.get("x-ratelimit-remaining-requests")),
        resets_after=resets_after,
        retry_after=read_retry_after(headers.get("Retry-After"), now),
    )


def wait_told(allowance: Allowance, status: int) -> timedelta | None:
    """How long a refusal asks to wait: Retry-After, else until the limit resets where it is the limit that refused.

    Venice tells on every answer when its limit resets; with requests left, that is no reason to wait.
    """
    if allowance.retry_after is not None:
        return allowance.retry_after
    used_up = status == HTTPStatus.TOO_MANY_REQUESTS or allowance.remaining == 0
    return allowance.resets_after if used_up else None


def _until(unix: float, now: datetime) -> timedelta:
    seconds = unix - now.timestamp()
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST.total_seconds()))


def _count(text: str | None) -> int | None:
    """A whole number, or None."""
    text = "" if text is None else text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
