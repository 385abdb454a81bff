"""How long a server asks to be left alone: Retry-After, in seconds or as a date (RFC 9110, 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = timedelta(days=1)
"""What may be asked for at most; more is read as this."""

_DIGITS: Final = 12


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The wait from ``now``, from nothing to :data:`LONGEST`; None for what makes no sense."""
    text = "" if value is None else value.strip()
    if not text.isascii():
        return None
    if text.isdigit():
        return min(timedelta(seconds=int(text)), LONGEST) if len(text) <= _DIGITS else None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), LONGEST)
