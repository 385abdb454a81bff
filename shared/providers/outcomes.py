"""What a provider may answer, as values.  Expected trouble is an outcome here, never an exception.

Every ``reason`` and ``message`` is one line of at most 300 characters (a ``suggestion`` of
at most 2000) and holds neither the key nor an address that was resolved.  A ``reason`` is
for operators and sellers, a ``message`` and a ``suggestion`` may be shown to the buyer.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from shared.kernel.money import Money

FaultCode: TypeAlias = Literal["content_policy", "provider_rejected"]
"""What was wrong with the request itself, as a job's error code says it."""


class Pause(StrEnum):
    """What a refusal means for the offer that was tried."""

    KEY = "key"
    """The key or its balance was refused: shut until the seller acts."""
    THROTTLED = "throttled"
    """Too many requests: wait as long as the provider says."""
    BACKOFF = "backoff"
    """Not reachable, not there or full: back off, ever longer."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The provider would do the job at this price."""

    price: Money


@dataclass(frozen=True, slots=True)
class NotQuoted:
    """No price.  ``definite``: the provider itself said no; otherwise asking again may help."""

    reason: str
    definite: bool
    pause: Pause = Pause.BACKOFF
    """What it means for the offer that was asked, where it is not definite."""
    status: int | None = None
    """The HTTP status, where it is not definite; None when there was no answer, or nothing was sent."""
    retry_after: timedelta | None = None


QuoteOutcome: TypeAlias = Quoted | NotQuoted


@dataclass(frozen=True, slots=True)
class Submitted:
    """The provider has the job, under this id of its own."""

    provider_job_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider certainly does not have the job, for reasons that are not the job's."""

    reason: str
    pause: Pause
    status: int | None = None
    """The HTTP status; None when nothing was sent."""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Faulty:
    """The provider certainly does not have the job, because of what the job asks for."""

    code: FaultCode
    message: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider may or may not have the job, and nobody can find out."""

    reason: str


SubmitOutcome: TypeAlias = Submitted | Refused | Faulty | Unknown


@dataclass(frozen=True, slots=True)
class Working:
    """Still rendering; ``expected`` in all, ``elapsed`` so far, where the provider says so."""

    expected: timedelta | None = None
    elapsed: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The media can be fetched.  The content type is the provider's claim, not checked."""

    content_type: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The provider gave up because of what the job asks for."""

    code: FaultCode
    message: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Barred:
    """The provider refuses the key, and so shows nothing of any of its jobs.  One such look proves nothing."""

    message: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The provider shows nothing of the job: too young, expired or forgotten.

    One such look proves nothing.
    """

    message: str = "the provider no longer knows the job"


@dataclass(frozen=True, slots=True)
class Broken:
    """The provider says that rendering went wrong.  One such look proves nothing."""

    message: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """This look told nothing; ``after`` is the least time to wait, when known."""

    reason: str
    after: timedelta | None = None


LookOutcome: TypeAlias = Working | Ready | Failed | Barred | Missing | Broken | LookAgain


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The provider keeps nothing of the job any more."""


@dataclass(frozen=True, slots=True)
class NotForgotten:
    """The provider may still keep the media; ask again later."""

    reason: str


ForgetOutcome: TypeAlias = Forgotten | NotForgotten
