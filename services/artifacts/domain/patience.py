"""How long a fetch may take, how often it is tried, and when a provider's audio is given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from services.artifacts.domain.audio.unfit import Reason, Unfit
from shared.market.kinds import Kind

LONGEST_FETCH: Final = timedelta(minutes=10)
MOST_TRIES: Final = 3
"""Bodies that came and were not what they should be."""
MOST_CALLS: Final = 5
"""Fetches that brought no body at all: a provider's bad minute should not cost its seller the job."""

_WORTH_ANOTHER_TRY: Final = frozenset({Reason.TRUNCATED, Reason.NOT_AUDIO, Reason.TOO_SLOW})


def time_left(kind: Kind, *, expires_at: datetime, at: datetime) -> timedelta:
    """How long a fetch that begins now may take; nothing or less when none may begin."""
    return min(LONGEST_FETCH, expires_at + kind.fetch_grace - at)


@dataclass(frozen=True, slots=True)
class NoBody:
    """The fetch brought nothing that could be judged."""

    message: str
    final: bool = False
    """Asking again cannot help."""
    counts: bool = True
    """Whether this speaks against the provider, as being told to come again later does not."""
    code: str | None = None
    """What was wrong with the request itself, if that was it."""
    suggestion: str | None = None


Failure: TypeAlias = Unfit | NoBody


@dataclass(frozen=True, slots=True)
class Tries:
    """Fetches of one attempt that failed: each kind has patience of its own."""

    bodies: int = 0
    """Bodies that came and were not what they should be."""
    calls: int = 0
    """Fetches that brought no body, and spoke against the provider."""

    @property
    def all(self) -> int:
        """Of both kinds."""
        return self.bodies + self.calls


NO_TRIES: Final = Tries()


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Fetch once more; ``tries`` is what has failed by now."""

    message: str
    tries: Tries


@dataclass(frozen=True, slots=True)
class Reject:
    """Give this attempt's audio up."""

    unfit: Unfit


def judge(failure: Failure, before: Tries) -> TryAgain | Reject:
    """What follows from a failure after those ``before``."""
    if isinstance(failure, Unfit):
        tries = replace(before, bodies=before.bodies + 1)
        if failure.reason in _WORTH_ANOTHER_TRY and tries.bodies < MOST_TRIES:
            return TryAgain(failure.message, tries)
        return Reject(failure)
    tries = replace(before, calls=before.calls + failure.counts)
    if failure.final or (failure.counts and tries.calls >= MOST_CALLS):
        return Reject(Unfit(Reason.GONE, failure.message, failure.code, failure.suggestion))
    return TryAgain(failure.message, tries)
