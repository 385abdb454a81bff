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
class Sale:
    """Whose audio the buyer got, and what the seller earned."""

    attempt: int
    earned: Money


@dataclass(frozen=True, slots=True)
class End:
    """How a job ended; there is a sale exactly when audio was delivered."""

    job_id: str
    how: How
    reason: str
    sale: Sale | None = None


def closing_at(end: End, attempt: AttemptRecord) -> Closing | None:
    """How an attempt closes when its job ends; None when it is closed already.

    Whoever holds an open intent may be sending it at this moment, so it is unknown.
    """
    match attempt.state:
        case AttemptState.SUBMITTED if end.sale is not None and end.sale.attempt == attempt.number:
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
