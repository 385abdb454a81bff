"""What one look after another means: keep watching, there is audio, or nothing will come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from shared.providers.outcomes import Broken, Failed, LookAgain, LookOutcome, Missing, Ready, Working

PROOF: Final = 3
"""This many looks running must say the same before a job that is not there, or an error, counts."""
MISSING_COUNTS_AFTER: Final = timedelta(seconds=60)
"""A provider may not know a job yet that it has just accepted, and a key may be changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of one job at its provider."""

    routed_at: datetime
    expires_at: datetime
    missing: int = 0
    """Looks running that found nothing."""
    broken: int = 0
    """Looks running that met an error."""


@dataclass(frozen=True, slots=True)
class KeepWatching:
    """Look again, not before ``after`` if the provider said so."""

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


def assess(watch: Watch, outcome: LookOutcome, at: datetime) -> Verdict:
    """What the look that was made at ``at`` means.  The look at the deadline is the last one."""
    verdict = _meaning(watch, outcome, at)
    if isinstance(verdict, KeepWatching) and at >= watch.expires_at:
        return GiveUp("expired", "the provider had not finished in time")
    return verdict


def _meaning(watch: Watch, outcome: LookOutcome, at: datetime) -> Verdict:
    match outcome:
        case Ready(content_type):
            return Generated(content_type)
        case Failed(code, message, suggestion):
            return GiveUp(code, message, suggestion)
        case Missing(message):
            return _missing(replace(watch, missing=watch.missing + 1, broken=0), message, at)
        case Broken(message):
            return _broken(replace(watch, broken=watch.broken + 1, missing=0), message)
        case Working():
            return KeepWatching(replace(watch, missing=0, broken=0))
        case LookAgain(_, after):
            return KeepWatching(watch, after)


def _missing(watch: Watch, message: str, at: datetime) -> Verdict:
    if watch.missing >= PROOF and at - watch.routed_at >= MISSING_COUNTS_AFTER:
        return GiveUp("provider_error", message)
    return KeepWatching(watch)


def _broken(watch: Watch, message: str) -> Verdict:
    if watch.broken >= PROOF:
        return GiveUp("provider_error", message)
    return KeepWatching(watch)
