"""Time as a thing that is asked, so that rules never read it and tests can stop it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The instant, a stopwatch, and waiting."""

    def now(self) -> datetime:
        """The instant, in UTC, with its zone."""
        ...

    def monotonic(self) -> float:
        """Seconds on a stopwatch that never runs backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds; at once when there are none."""
        ...


def unix(at: datetime) -> int:
    """Whole Unix seconds, as the world outside sees times."""
    return int(at.timestamp())


def from_unix(seconds: float) -> datetime:
    """The instant that many seconds after the epoch, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def in_millis(at: datetime) -> datetime:
    """The same instant as the database keeps it: whole milliseconds, never later."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
