"""What becomes of a message whose handler failed: the table of outcomes, as a function."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.kernel.errors import DomainError, Transient, Unusable
from shared.messaging.topology import Broadcast, Source


class Reason(StrEnum):
    """Why a message was set aside."""

    REFUSED = "refused"  # a rule said no: two services disagree, a person should look
    UNUSABLE = "unusable"
    EXHAUSTED = "exhausted"  # transient for as long as the ladder is
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Retry:
    """Again, after ``delay``, which is one of the queue's delays."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class Bury:
    """Set it aside for a person to look at; ``code`` is the rule that refused, if one did."""

    reason: Reason
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Forget it: a broadcast is a hint, and whoever missed it loads its state again."""


Verdict = Retry | Bury | Drop


def is_bug(error: BaseException) -> bool:
    """Whether this is none of the ways in which work is allowed to fail."""
    return not isinstance(error, DomainError | Transient | Unusable)


def verdict(error: BaseException, *, failures: int, source: Source) -> Verdict:
    """Decide about a message that failed ``failures`` times before ``error``."""
    if isinstance(source, Broadcast):
        return Drop()
    if isinstance(error, DomainError):
        return Bury(Reason.REFUSED, error.code)
    if isinstance(error, Unusable):
        return Bury(Reason.UNUSABLE)
    if not isinstance(error, Transient):
        return _climb(source.short_ladder, failures, Reason.BUG)
    step = _climb(source.ladder, failures, Reason.EXHAUSTED)
    if isinstance(step, Retry) and error.after is not None:
        return Retry(source.fitting(error.after))
    return step


def _climb(ladder: tuple[timedelta, ...], failures: int, end: Reason) -> Retry | Bury:
    return Retry(ladder[failures]) if failures < len(ladder) else Bury(end)
