"""Passive health: what refusals, failures, acceptance and audio make of an offer's standing.

Every rule returns the standing it was given when there is nothing new in what happened.

``sent_under`` is the pause that a job was sent under: the end of one that was over, or of the hold by which a
probe keeps the others away; None when the offer was not paused.  A pause that was made since is newer than
the job, which neither ends nor shortens it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.kernel.backoff import Random, exponential, jittered
from shared.market.standings import Health, Standing
from shared.providers.outcomes import Faulty, Pause, Refused, SubmitOutcome, Submitted, Unknown

FIRST_BACKOFF: Final = timedelta(seconds=2)
LONGEST_BACKOFF: Final = timedelta(minutes=5)
SPREAD: Final = 0.2
UNTOLD_THROTTLE: Final = timedelta(seconds=5)
"""How long a throttled offer rests when its provider does not say."""
SHORTEST_THROTTLE: Final = timedelta(seconds=1)
LONGEST_THROTTLE: Final = timedelta(minutes=5)
PROBE_FOR: Final = timedelta(seconds=60)
"""How long the one job that probes an offer keeps the others away."""
TRUSTED_UNTIL: Final = 3
"""From so many failures on, being accepted proves nothing: only audio does."""


# Standings in MongoDB write ``is_probe``, ``untried`` and ``reopened`` as pipelines: a change here is one there.


def is_probe(standing: Standing, at: datetime) -> bool:
    """Whether the next job is the one that tries out an offer whose pause after failures has ended."""
    return standing.health is Health.PAUSED and standing.failures > 0 and standing.open_at(at)


def untried(standing: Standing, reserved_at: datetime) -> Standing:
    """After a job reserved at that instant told nothing of the offer: if it was the probe, the next job is."""
    holds = standing.health is Health.PAUSED and standing.failures > 0 and standing.until == reserved_at + PROBE_FOR
    return replace(standing, until=reserved_at) if holds else standing


def answered(
    standing: Standing, *, outcome: SubmitOutcome, sent_under: datetime | None, at: datetime, random: Random
) -> Standing:
    """After a submit was answered, or was not."""
    match outcome:
        case Submitted():
            return accepted(standing, sent_under=sent_under, at=at)
        case Refused():
            return refused(standing, outcome, sent_under=sent_under, at=at, random=random)
        case Unknown(reason):
            return failed(standing, reason, sent_under=sent_under, at=at, random=random)
        case Faulty():
            return standing


def refused(
    standing: Standing, refusal: Refused, *, sent_under: datetime | None, at: datetime, random: Random
) -> Standing:
    """After a definite refusal."""
    match refusal.pause:
        case Pause.KEY:
            return replace(standing, health=Health.SHUT, reason=refusal.reason, until=None)
        case Pause.THROTTLED:
            return _throttled(standing, refusal, sent_under, at)
        case Pause.BACKOFF:
            after = failed(standing, refusal.reason, sent_under=sent_under, at=at, random=random)
            return _at_least(after, at + _clamped(refusal.retry_after)) if refusal.retry_after else after


def failed(standing: Standing, reason: str, *, sent_under: datetime | None, at: datetime, random: Random) -> Standing:
    """After an outcome that speaks against the offer.

    While the offer pauses, only its probe tells anything new: the others were sent before it paused.
    """
    if standing.health is Health.SHUT or not (standing.open_at(at) or standing.until == sent_under):
        return standing
    wait = jittered(exponential(FIRST_BACKOFF, standing.failures, LONGEST_BACKOFF), SPREAD, random)
    return replace(standing, health=Health.PAUSED, reason=reason, until=at + wait, failures=standing.failures + 1)


def accepted(standing: Standing, *, sent_under: datetime | None, at: datetime) -> Standing:
    """After its provider took a job: the pause that had ended is over for everyone."""
    if standing.health is not Health.PAUSED or sent_under is None or standing.failures >= TRUSTED_UNTIL:
        return standing
    return _opened(standing) if standing.open_at(at) or standing.until == sent_under else standing


def delivered(standing: Standing, *, at: datetime) -> Standing:
    """After audio came: earlier failures are forgotten, and no probe is waited for.

    A refused key stays refused, a rate limit a limit, a pause that is not over a pause.
    """
    if standing.health is Health.SHUT or not standing.failures:
        return standing
    over = standing.open_at(at) or _probed(standing)
    return replace(_opened(standing) if over else standing, failures=0)


def reopened(standing: Standing) -> Standing:
    """After the seller changed the offer: a refusal of its key says nothing any more."""
    return replace(_opened(standing), failures=0) if standing.health is Health.SHUT else standing


def _opened(standing: Standing) -> Standing:
    return replace(standing, health=Health.HEALTHY, reason=None, until=None)


def _probed(standing: Standing) -> bool:
    """Whether what keeps jobs away is a probe, the last that could be reserved."""
    return standing.used_at is not None and standing.until == standing.used_at + PROBE_FOR


def _throttled(standing: Standing, refusal: Refused, sent_under: datetime | None, at: datetime) -> Standing:
    if standing.health is Health.SHUT:
        return standing
    until = at + _clamped(refusal.retry_after)
    if standing.until is not None and standing.until >= until and standing.until != sent_under:
        return standing
    return replace(standing, health=Health.PAUSED, reason=refusal.reason, until=until)


def _at_least(standing: Standing, until: datetime) -> Standing:
    if standing.until is None or standing.until >= until:
        return standing
    return replace(standing, until=until)


def _clamped(retry_after: timedelta | None) -> timedelta:
    return max(SHORTEST_THROTTLE, min(retry_after or UNTOLD_THROTTLE, LONGEST_THROTTLE))
