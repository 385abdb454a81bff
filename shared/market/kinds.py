"""Kinds of media.  What differs between them is data: how long a job may take and when it is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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


def kinds(
    *,
    expires_after: timedelta | None = None,
    first_look: timedelta | None = None,
    look_cap: timedelta | None = None,
) -> Mapping[str, Kind]:
    """Every kind by name, with the few times replaced that an environment may shorten."""
    return {name: _adjusted(kind, expires_after, first_look, look_cap) for name, kind in KINDS.items()}


def _adjusted(
    kind: Kind, expires_after: timedelta | None, first_look: timedelta | None, look_cap: timedelta | None
) -> Kind:
    looks = replace(kind.looks, first=first_look or kind.looks.first, cap=look_cap or kind.looks.cap)
    return replace(kind, expires_after=expires_after or kind.expires_after, looks=looks)
