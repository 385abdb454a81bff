"""What one look after another means: keep watching, there is audio, or nothing will come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from shared.providers.outcomes import Barred, Broken, Failed, LookAgain, LookOutcome, Missing, Ready, Working
from shared.providers.refusals import Prospect

PROOF: Final = 3
"""This many looks running must say the same before a job that is not there, or an error, counts."""
MISSING_COUNTS_AFTER: Final = timedelta(seconds=60)
"""A provider may not know a job yet that it has just accepted, and a key may be changed meanwhile."""
RARELY: Final = timedelta(seconds=25)
"""Until then a job that was not found is looked for no sooner than this: it proves nothing yet, and costs refusals."""
LONGEST_PAUSE: Final = timedelta(seconds=60)
"""However long a provider asks to wait, it is looked again after this."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of one job at its provider."""

    routed_at: datetime
    expires_at: datetime
    seen: bool = False
    """Whether a look has found the job."""
    missing: int = 0
    """Looks running that found nothing."""
    broken: int = 0
    """Looks running that met an error."""

    @property
    def prospect(self) -> Prospect:
        """What may be expected of the next look."""
        if self.missing:
            return Prospect.DOUBTFUL
        return Prospect.SEEN if self.seen and not self.broken else Prospect.UNSEEN

    @property
    def in_doubt(self) -> bool:
        """Whether the looks of late speak against the job."""
        return self.missing + self.broken > 0

    def old_enough(self, at: datetime) -> bool:
        """Whether finding nothing counts by now."""
        return at - self.routed_at >= MISSING_COUNTS_AFTER


@dataclass(frozen=True, slots=True)
class KeepWatching:
    """Look again, not before ``after`` if there is a reason to wait."""

    watch: Watch
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """There is audio to fetch."""

    content_type: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Nothing will come, for this reason."""

    code: str
    message: str
    suggestion: str | None = None


Verdict: TypeAlias = KeepWatching | Generated | GiveUp


def assess(watch: Watch, outcome: LookOutcome, at: datetime, *, proof: int = PROOF) -> Verdict:
    """What the look that was made at ``at`` means.  The look at the deadline is the last one.

    ``proof``: so many looks running that find nothing are enough.
    """
    verdict = _meaning(watch, outcome, at, proof)
    if isinstance(verdict, KeepWatching) and at >= watch.expires_at:
        return GiveUp("expired", "the provider had not finished in time")
    return verdict


def _meaning(watch: Watch, outcome: LookOutcome, at: datetime, proof: int) -> Verdict:
    match outcome:
        case Ready(content_type):
            return Generated(content_type)
        case Failed(code, message, suggestion):
            return GiveUp(code, message, suggestion)
        case Missing(message) | Barred(message):
            return _missing(replace(watch, missing=watch.missing + 1, broken=0), message, at, proof)
        case Broken(message):
            return _broken(replace(watch, broken=watch.broken + 1, missing=0), message)
        case Working():
            return KeepWatching(replace(watch, seen=True, missing=0, broken=0))
        case LookAgain(_, after):
            return KeepWatching(watch, _bounded(after, watch.expires_at - at))


def _missing(watch: Watch, message: str, at: datetime, proof: int) -> Verdict:
    if not watch.old_enough(at):
        return KeepWatching(watch, min(RARELY, watch.routed_at + MISSING_COUNTS_AFTER - at))
    return GiveUp("provider_error", message) if watch.missing >= proof else KeepWatching(watch)


def _broken(watch: Watch, message: str) -> Verdict:
    if watch.broken >= PROOF:
        return GiveUp("provider_error", message)
    return KeepWatching(watch)


def _bounded(after: timedelta | None, left: timedelta) -> timedelta | None:
    """Waiting never leaves the look at the deadline alone: at most half of what is left is waited for."""
    return None if after is None else min(after, LONGEST_PAUSE, left / 2)
