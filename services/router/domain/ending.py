"""What a job's ending makes of its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.router.domain.closing import Closing
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.money import Money


class How(StrEnum):
    """The four endings, as the router cares for them."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class End:
    """How a job ended.  ``captured`` is what the seller earned, None unless audio was delivered."""

    job_id: str
    how: How
    reason: str
    captured: Money | None = None


def closing_at(end: End, attempt: AttemptRecord) -> Closing | None:
    """How an attempt closes when its job ends; None when it is closed already.

    The audio came from the attempt that was submitted: there is never more than one such.
    Whoever holds an open intent may be sending it at this moment, so it is unknown.
    """
    match attempt.state:
        case AttemptState.SUBMITTED if end.how is How.SUCCEEDED:
            return Closing(AttemptState.SUCCEEDED, None, end.reason)
        case AttemptState.SUBMITTED:
            return Closing(AttemptState.FAILED, end.how, end.reason)
        case AttemptState.INTENDED:
            return Closing(AttemptState.UNKNOWN, end.how, "the job ended while the attempt was being made")
        case _:
            return None


def speaks_against_the_offer(end: End, attempt: AttemptRecord) -> bool:
    """Whether the provider had the job and let its time run out."""
    return end.how is How.EXPIRED and attempt.state is AttemptState.SUBMITTED
