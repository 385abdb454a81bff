"""What one key may still send, learnt from the answers it got.  Pure: time is passed in.

Nothing is limited until a header or a 429 says that there is a limit.  A 429 halves the
pace, quiet time raises it again, one request a minute for every ten seconds.  After a few
refusals in thirty seconds the key rests, as :mod:`shared.providers.refusals` says.  All
times are seconds on one stopwatch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from shared.providers.rate_headers import Allowance, wait_told
from shared.providers.refusals import Prospect, Refusal, closed_for, noted

MINUTE: Final = 60.0
SLOWEST: Final = 10.0
"""Requests a minute that are left unless a header says less: the stop after a few refusals protects the key already."""
GROWS_AFTER: Final = 10.0
"""Seconds without a 429 for each further request a minute."""
BURST: Final = 15.0
"""An unused pace is saved up for at most so many seconds."""
LONGEST_REST: Final = 300.0
"""However long an answer says to wait, it is asked again after this."""

_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Budget:
    """The state of one key.  The default is a key nothing is known of."""

    per_minute: float | None = None
    """The pace; None while no limit is known."""
    ceiling: float | None = None
    """What a header said the pace may be."""
    tokens: float = 0.0
    """Requests saved up; below zero when some are promised to those who wait."""
    counted_at: float = -math.inf
    grown_at: float = -math.inf
    cut_at: float = -math.inf
    closed_until: float = -math.inf
    refusals: tuple[Refusal, ...] = ()
    """Those of late."""
    outstanding: int = 0
    """Requests without an answer yet."""
    minute: int = 0
    """Which minute of the stopwatch ``sent`` counts."""
    sent: int = 0
    sent_before: int = 0
    """Requests in that minute and in the one before."""


@dataclass(frozen=True, slots=True)
class Go:
    """The request may be sent, after so many seconds (often 0); its place is kept."""

    after: float


@dataclass(frozen=True, slots=True)
class Wait:
    """There is no room within the asker's patience; there may be after so many seconds."""

    seconds: float


Turn: TypeAlias = Go | Wait


def take(budget: Budget, now: float, patience: float, prospect: Prospect = Prospect.ORDERED) -> tuple[Budget, Turn]:
    """Ask to send one request within ``patience`` seconds."""
    budget = _refilled(_grown(budget, now), now)
    wait = max(rest(budget, now, prospect), _wait_for_token(budget, now))
    if wait > patience:
        return budget, Wait(wait)
    paced = budget.per_minute is not None
    return _counted(replace(budget, tokens=budget.tokens - paced), now), Go(wait)


def rest(budget: Budget, now: float, prospect: Prospect = Prospect.ORDERED) -> float:
    """Seconds for which no such request may be sent, whatever the pace."""
    return max(budget.closed_until - now, closed_for(budget.refusals, budget.outstanding, prospect, now), 0.0)


def send(budget: Budget) -> Budget:
    """Count a request that is leaving."""
    return replace(budget, outstanding=budget.outstanding + 1)


def settle(budget: Budget) -> Budget:
    """Count it no more: it was answered, or never will be."""
    return replace(budget, outstanding=max(budget.outstanding - 1, 0))


def hear(
    budget: Budget,
    status: int,
    allowance: Allowance,
    sent_at: float,
    now: float,
    *,
    prospect: Prospect = Prospect.ORDERED,
) -> Budget:
    """Learn from the answer to a request that was sent at ``sent_at``."""
    budget = _bounded(budget, allowance.per_minute, now)
    budget = replace(budget, refusals=noted(budget.refusals, status, prospect, now))
    wait = None
    if status == _TOO_MANY:
        wait = wait_told(allowance, status)
        budget = _cut(budget, sent_at, now, spare=0.0 if wait is None else 1.0)
    elif allowance.remaining == 0:
        wait = allowance.resets_after
    if wait is None:
        return budget
    closed_until = now + min(wait.total_seconds(), LONGEST_REST)
    return replace(budget, closed_until=max(budget.closed_until, closed_until))


def _bounded(budget: Budget, ceiling: int | None, now: float) -> Budget:
    """Keep the pace below what a header allows."""
    if ceiling is None:
        return budget
    if budget.per_minute is None:
        saved = ceiling * BURST / MINUTE
        return replace(budget, per_minute=ceiling, ceiling=ceiling, tokens=saved, counted_at=now, grown_at=now)
    return replace(budget, per_minute=min(budget.per_minute, ceiling), ceiling=ceiling)


def _cut(budget: Budget, sent_at: float, now: float, *, spare: float) -> Budget:
    """Halve the pace.  Requests sent before the last cut say nothing about the pace since.

    ``spare`` is what may be sent whatever the pace: one request, when the answer said when to come back.
    """
    if sent_at < budget.cut_at:
        return budget
    pace = _observed(budget, now) if budget.per_minute is None else budget.per_minute
    return replace(
        budget,
        per_minute=_within(max(pace / 2, SLOWEST), budget.ceiling),
        tokens=min(budget.tokens, 0.0) + spare,
        counted_at=now,
        grown_at=now,
        cut_at=now,
    )


def _grown(budget: Budget, now: float) -> Budget:
    if budget.per_minute is None or now - budget.grown_at < GROWS_AFTER:
        return budget
    steps = (now - budget.grown_at) // GROWS_AFTER
    pace = _within(budget.per_minute + steps, budget.ceiling)
    return replace(budget, per_minute=pace, grown_at=budget.grown_at + steps * GROWS_AFTER)


def _refilled(budget: Budget, now: float) -> Budget:
    if budget.per_minute is None:
        return budget
    most = max(budget.per_minute * BURST / MINUTE, 1.0)
    earned = (now - budget.counted_at) * budget.per_minute / MINUTE
    return replace(budget, tokens=min(budget.tokens + earned, most), counted_at=now)


def _wait_for_token(budget: Budget, now: float) -> float:
    """Seconds until one request is saved up, at a pace that grows meanwhile."""
    if budget.per_minute is None:
        return 0.0
    pace, missing, waited = budget.per_minute, max(1.0 - budget.tokens, 0.0), 0.0
    stretch = budget.grown_at + GROWS_AFTER - now
    while missing * MINUTE > stretch * pace:
        missing -= stretch * pace / MINUTE
        waited += stretch
        pace, stretch = _within(pace + 1, budget.ceiling), GROWS_AFTER
    return waited + missing * MINUTE / pace


def _within(pace: float, ceiling: float | None) -> float:
    return pace if ceiling is None else min(pace, ceiling)


def _counted(budget: Budget, now: float) -> Budget:
    minute = int(now // MINUTE)
    if minute == budget.minute:
        return replace(budget, sent=budget.sent + 1)
    before = budget.sent if minute == budget.minute + 1 else 0
    return replace(budget, minute=minute, sent=1, sent_before=before)


def _observed(budget: Budget, now: float) -> float:
    """About how many requests were sent in the last minute."""
    minute, into = divmod(now, MINUTE)
    if int(minute) == budget.minute:
        return budget.sent + budget.sent_before * (1 - into / MINUTE)
    return budget.sent * (1 - into / MINUTE) if int(minute) == budget.minute + 1 else 0.0
