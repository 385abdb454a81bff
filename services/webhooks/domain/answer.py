"""What a receiver's answer means: for its delivery, and for its host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from http import HTTPStatus
from typing import Final, TypeAlias

from services.webhooks.domain.ladder import Ladder, wait_before
from shared.kernel.backoff import Random

_PATIENT: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Answers whose Retry-After is believed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver answered with a status; ``retry_after`` is what it asked for, if anything."""

    status: int
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It was tried, and no whole answer came."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing was tried, for a reason on our side.  ``for_good``: the reason cannot pass."""

    reason: str
    for_good: bool


Answer: TypeAlias = Answered | Unanswered | NotSent


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver took it."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Another attempt follows, that much later."""

    wait: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class Exhausted:
    """No attempt follows by itself."""

    reason: str


Verdict: TypeAlias = Delivered | RetryAfter | Exhausted


class Health(Enum):
    """What an attempt tells of the host that it went to."""

    WELL = auto()
    ILL = auto()
    UNKNOWN = auto()


def judge(answer: Answer, *, step: int, ladder: Ladder, random: Random) -> Verdict:
    """What follows from the answer to the attempt on that step of the ladder.

    A redirect is a failure like any other: it is never followed.
    """
    match answer:
        case Answered(status) if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Delivered()
        case Answered(HTTPStatus.GONE):
            return Exhausted("status 410: the receiver is gone")
        case Answered(status, retry_after):
            asked = retry_after if status in _PATIENT else None
            return _next(wait_before(step + 1, ladder, random, asked=asked), f"status {status}")
        case NotSent(reason, for_good=True):
            return Exhausted(reason)
        case Unanswered(reason) | NotSent(reason):
            return _next(wait_before(step + 1, ladder, random), reason)


def health_of(answer: Answer) -> Health:
    """How its host is doing.

    A refusal (3xx, 4xx) comes from a host that is well: many buyers can share one, and
    whoever gave a wrong path must not have it closed to the others.
    """
    match answer:
        case NotSent():
            return Health.UNKNOWN
        case Answered(status) if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
            return Health.WELL
        case _:
            return Health.ILL


def _next(wait: timedelta | None, reason: str) -> RetryAfter | Exhausted:
    return Exhausted(reason) if wait is None else RetryAfter(wait, reason)
