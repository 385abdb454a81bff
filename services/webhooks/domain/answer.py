"""What a receiver's answer means for its delivery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeAlias

from services.webhooks.domain.ladder import wait_before

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
    """No answer came.  ``permanent``: the request can never be sent as it is."""

    reason: str
    permanent: bool = False


Answer: TypeAlias = Answered | Unanswered


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


def judge(answer: Answer, *, attempt: int, ladder: Sequence[timedelta], random: Callable[[], float]) -> Verdict:
    """What follows from the answer to attempt number ``attempt``, from 1."""
    match answer:
        case Answered(status) if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Delivered()
        case Answered(HTTPStatus.GONE):
            return Exhausted("the receiver says it is gone")
        case Answered(status, retry_after):
            believed = retry_after if status in _PATIENT else None
            return _next(attempt, ladder, random, reason=f"status {status}", not_before=believed)
        case Unanswered(reason, permanent):
            return Exhausted(reason) if permanent else _next(attempt, ladder, random, reason=reason)


def _next(
    attempt: int,
    ladder: Sequence[timedelta],
    random: Callable[[], float],
    *,
    reason: str,
    not_before: timedelta | None = None,
) -> RetryAfter | Exhausted:
    wait = wait_before(attempt + 1, ladder, random, not_before=not_before)
    return Exhausted(reason) if wait is None else RetryAfter(wait, reason)
