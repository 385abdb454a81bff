"""Kinds of media.  What differs between them is data: how long a job may take and when it is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.kernel.backoff import jittered


@dataclass(frozen=True, slots=True)
class LookSchedule:
    """When a provider is asked: first after ``first``, then each wait ``factor`` times the last, up to ``cap``."""

    first: timedelta
    factor: float
    cap: timedelta
    jitter: float

    def wait(self, look: int, random: Callable[[], float]) -> timedelta:
        """How long before look number ``look`` (from 1), counted from the one before it."""
        if look <= 1:
            return self.first
        steps = min(look - 1, 64)
        return jittered(min(self.first * self.factor**steps, self.cap), self.jitter, random)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of media and its times."""

    name: str
    expires_after: timedelta
    looks: LookSchedule
    fetch_grace: timedelta
    """How long a fetch that has begun may still take after the job's deadline."""
    end_grace: timedelta
    """When, after the deadline, what has not ended expires."""


MUSIC: Final = Kind(
    name="music",
    expires_after=timedelta(minutes=15),
    looks=LookSchedule(first=timedelta(seconds=2), factor=1.5, cap=timedelta(seconds=10), jitter=0.1),
    fetch_grace=timedelta(seconds=25),
    end_grace=timedelta(seconds=30),
)

KINDS: Final[Mapping[str, Kind]] = {MUSIC.name: MUSIC}
