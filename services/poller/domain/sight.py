"""What looks at one key have shown of late, and so what need not be asked for each of its jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from services.poller.domain.watch import PROOF, GiveUp, Verdict, Watch
from shared.providers.outcomes import Barred, LookAgain, LookOutcome, Missing

BARRED_FOR: Final = timedelta(seconds=15)
"""A refusal of the key stands so long for every job of it: one look instead of one a job."""
LOST_FOR: Final = timedelta(minutes=5)
"""Jobs proven lost longer ago say nothing any more."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The default is a key that nothing is known of."""

    barred: Barred | None = None
    barred_at: datetime | None = None
    lost_at: tuple[datetime, ...] = ()
    """When the last few jobs were proven lost, with none found again after it had been missing."""


def foreseen(sight: Sight, watch: Watch, at: datetime) -> LookOutcome | None:
    """What a look at the job would find, where that is known without one.  The last look is always made."""
    if at >= watch.expires_at:
        return None
    if sight.barred is not None and sight.barred_at is not None and at - sight.barred_at < BARRED_FOR:
        return sight.barred
    return Missing() if watch.missing and watch.old_enough(at) and _is_final(sight, at) else None


def proof_needed(sight: Sight, at: datetime) -> int:
    """How many looks running that find nothing prove a job lost.

    One, where three jobs of the key were proven lost and none that was missing has come back.
    """
    return 1 if _is_final(sight, at) else PROOF


def after_look(sight: Sight, before: Watch, outcome: LookOutcome, verdict: Verdict, at: datetime) -> Sight:
    """The same after one look at a job of the key, made at ``at``."""
    match outcome:
        case Barred():
            return replace(sight, barred=outcome, barred_at=at)
        case Missing():
            lost = isinstance(verdict, GiveUp) and before.old_enough(at)
            return replace(sight, barred=None, lost_at=(*sight.lost_at, at)[-PROOF:] if lost else sight.lost_at)
        case LookAgain():
            return sight
        case _:
            return replace(sight, barred=None, lost_at=() if before.missing else sight.lost_at)


def _is_final(sight: Sight, at: datetime) -> bool:
    return len(sight.lost_at) == PROOF and at - sight.lost_at[0] < LOST_FOR
