"""How many refusals one key may bring, and which requests wait once it has brought them.  Pure: time is passed in.

Venice shuts a key out after more than twenty refusals in thirty seconds, whoever was refused.  A router, a poller
and an artifacts process share those twenty without a word between them: eight, eight and four.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

WITHIN: Final = 30.0
"""Seconds for which a refusal counts."""
MOST: Final = 8
"""Refusals of every cause that one process may bring a key."""
CROWDED_FOR: Final = 1.0
"""Seconds after which the answers that are outstanding are supposed to be there."""

_ERRORS: Final = 400
_FAULTS: Final = frozenset({400, 422})


class Prospect(Enum):
    """What may be expected of a request, which decides how many refusals it puts up with."""

    ORDERED = auto()
    """A job is handed over, or its price is asked."""
    UNSEEN = auto()
    """A look at a job that no look has found yet."""
    SEEN = auto()
    """A look at a job that the last look found: others' refusals shall not keep its audio waiting."""
    DOUBTFUL = auto()
    """A look at a job that the last look did not find: its refusal is to be expected."""
    FINISHED = auto()
    """Media is fetched, or forgotten."""


PATIENCE: Final[Mapping[Prospect, int]] = {
    Prospect.ORDERED: 5,
    Prospect.UNSEEN: 5,
    Prospect.SEEN: 6,
    Prospect.DOUBTFUL: 2,
    Prospect.FINISHED: 4,
}
"""Refusals of its own cause after which such a request waits."""


class Cause(Enum):
    """Why a request was refused, as far as others should care."""

    TROUBLE = auto()
    """Something is wrong with the key, the provider, or the way there."""
    FAULT = auto()
    """What was asked for: it speaks against nobody else's request."""
    DOUBT = auto()
    """It was to be expected, and has an allowance of its own."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One answer that said no, and when it came."""

    at: float
    cause: Cause


def noted(refusals: tuple[Refusal, ...], status: int, prospect: Prospect, now: float) -> tuple[Refusal, ...]:
    """The refusals of late, and this answer if it is one."""
    if status < _ERRORS:
        return refusals
    faulty = status in _FAULTS and prospect is not Prospect.FINISHED
    cause = Cause.FAULT if faulty else _cause_of(prospect)
    return (*(refusal for refusal in refusals if refusal.at + WITHIN > now), Refusal(now, cause))


def closed_for(refusals: tuple[Refusal, ...], outstanding: int, prospect: Prospect, now: float) -> float:
    """Seconds for which such a request waits.

    From the first refusal on, requests without an answer yet are counted as refused; but not as looks in doubt,
    of which there are few, or on a busy key they would never have their turn.
    """
    recent = [refusal for refusal in refusals if refusal.at + WITHIN > now]
    own = [refusal for refusal in recent if refusal.cause is _cause_of(prospect)]
    alike = 0 if prospect is Prospect.DOUBTFUL else outstanding
    return max(_wait(own, alike, PATIENCE[prospect], now), _wait(recent, outstanding, MOST, now))


def _cause_of(prospect: Prospect) -> Cause:
    return Cause.DOUBT if prospect is Prospect.DOUBTFUL else Cause.TROUBLE


def _wait(refusals: list[Refusal], outstanding: int, limit: int, now: float) -> float:
    if len(refusals) >= limit:
        return refusals[-limit].at + WITHIN - now
    return CROWDED_FOR if refusals and len(refusals) + outstanding >= limit else 0.0
