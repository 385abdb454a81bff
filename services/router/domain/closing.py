"""How attempts move from state to state, and what each way of closing one means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.money import ZERO, Money
from shared.providers.outcomes import Faulty, Refused, Unknown

MOVES: Final[Mapping[AttemptState, frozenset[AttemptState]]] = {
    AttemptState.INTENDED: frozenset(
        {
            AttemptState.SUBMITTED,
            AttemptState.REFUSED,
            AttemptState.FAULTY,
            AttemptState.UNKNOWN,
            AttemptState.WITHDRAWN,
        }
    ),
    AttemptState.SUBMITTED: frozenset({AttemptState.SUCCEEDED, AttemptState.FAILED, AttemptState.UNKNOWN}),
    AttemptState.SUCCEEDED: frozenset(),
    AttemptState.REFUSED: frozenset(),
    AttemptState.FAULTY: frozenset(),
    AttemptState.FAILED: frozenset(),
    AttemptState.UNKNOWN: frozenset(),
    AttemptState.WITHDRAWN: frozenset(),
}
"""Every move there is.  An attempt is closed once, and then for good."""


class Code(StrEnum):
    """Why an attempt closed, or a job has no further one, where it is not the provider's own code."""

    THROTTLED = "throttled"
    CANCELED = "canceled"
    ENDED = "ended"
    PROVIDER_ERROR = "provider_error"
    ARTIFACT_REJECTED = "artifact_rejected"
    EXPIRED = "expired"
    EXPIRED_BEFORE_SUBMISSION = "expired_before_submission"


REQUEST_FAULTS: Final = frozenset({"content_policy", "provider_rejected"})
"""What is wrong with the request is wrong at every offer, and no offer's fault."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of an attempt: its last state, one word and one sentence."""

    state: AttemptState
    code: str | None
    reason: str


ABANDONED: Final = Closing(AttemptState.UNKNOWN, None, "its router was lost while it submitted")


def sources(state: AttemptState) -> frozenset[AttemptState]:
    """The states from which an attempt may come to ``state``."""
    return frozenset(source for source, targets in MOVES.items() if state in targets)


def closing_of(outcome: Refused | Faulty | Unknown) -> Closing:
    """What a submit that was not accepted makes of its attempt."""
    match outcome:
        case Refused(reason=reason, pause=pause):
            return Closing(AttemptState.REFUSED, pause.value, reason)
        case Faulty(code, message, suggestion):
            advice = f" Suggested prompt: {suggestion}" if suggestion else ""
            return Closing(AttemptState.FAULTY, code, message + advice)
        case Unknown(reason):
            return Closing(AttemptState.UNKNOWN, None, reason)


def counted(attempt: AttemptRecord) -> Money:
    """What a closed attempt leaves standing against its offer's daily cap.

    Nobody can tell whether an unknown one will be charged, so it counts whole, for its day.
    """
    if attempt.state in {AttemptState.UNKNOWN, AttemptState.SUCCEEDED}:
        return attempt.cost.seller
    return ZERO
