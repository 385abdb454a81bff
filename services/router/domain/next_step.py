"""What comes next for a job, from what its attempts say.  The one place that decides about another try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from services.router.domain.closing import REQUEST_FAULTS, Code
from services.router.domain.order import Order
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.market.selection import NoMatch, Shortfall

MOST_ATTEMPTS: Final = 5
MOST_UNKNOWN: Final = 1
"""A second attempt of which nobody knows whether it is being rendered ends the job."""
ENOUGH: Final = timedelta(seconds=5)
"""With less than this left before the deadline nothing is begun."""

_CAME_TO_NOTHING: Final = frozenset({AttemptState.REFUSED, AttemptState.FAILED, AttemptState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the book for an offer, for attempt ``number``, but none of those already ``tried``."""

    number: int
    tried: frozenset[str]


@dataclass(frozen=True, slots=True)
class Resolve:
    """An intent stands whose router may be at it or gone; only its age can tell."""

    attempt: AttemptRecord


@dataclass(frozen=True, slots=True)
class SayRouted:
    """A provider has the job; saying so again does no harm."""

    attempt: AttemptRecord


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No attempt will follow, for this reason."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Leave:
    """There is nothing to do: the job is done, or somebody else's."""


Step: TypeAlias = Ask | Resolve | SayRouted | GiveUp | Leave


def next_step(order: Order, history: Sequence[AttemptRecord], at: datetime) -> Step:
    """The next step of a job with these attempts, in order of their numbers."""
    last = history[-1] if history else None
    if last is None or (last.state in _CAME_TO_NOTHING and last.code not in REQUEST_FAULTS):
        return _another(order, history, at)
    match last.state:
        case AttemptState.INTENDED:
            return Resolve(last)
        case AttemptState.SUBMITTED:
            return SayRouted(last)
        case AttemptState.FAULTY | AttemptState.FAILED:
            return GiveUp(last.code or Code.PROVIDER_ERROR, last.reason or "")
        case AttemptState.WITHDRAWN if last.code == Code.CANCELED:
            return _canceled()
        case _:
            return Leave()


def _another(order: Order, history: Sequence[AttemptRecord], at: datetime) -> Step:
    if order.canceled:
        return _canceled()
    if at + ENOUGH > order.expires_at:
        return _too_late(history)
    unknown = sum(attempt.state is AttemptState.UNKNOWN for attempt in history)
    if unknown > MOST_UNKNOWN or len(history) >= MOST_ATTEMPTS:
        return nobody_left(history, Shortfall.NO_HEALTHY_SELLERS, "every offer that was tried refused the job")
    return Ask(
        number=1 + max((attempt.number for attempt in history), default=0),
        tried=frozenset(attempt.offer_id for attempt in history if not _may_be_asked_again(attempt)),
    )


def _may_be_asked_again(attempt: AttemptRecord) -> bool:
    """Who only said "not so fast" may be asked again, when the pause is over."""
    return attempt.state is AttemptState.REFUSED and attempt.code == Code.THROTTLED


def _canceled() -> GiveUp:
    return GiveUp(Code.CANCELED, "the job was canceled before a provider had it")


def _too_late(history: Sequence[AttemptRecord]) -> GiveUp:
    if history:
        return GiveUp(Code.EXPIRED, "there is no time left for another attempt")
    return GiveUp(Code.EXPIRED_BEFORE_SUBMISSION, "the job's time was up before it could be handed to a provider")


def nobody_left(history: Sequence[AttemptRecord], shortfall: Shortfall, message: str) -> GiveUp:
    """Why there is no next offer: what became of the last attempt that got through, else the book's reason."""
    for attempt in reversed(history):
        if attempt.state is AttemptState.UNKNOWN:
            return GiveUp(Code.PROVIDER_ERROR, "a provider did not say whether it took the job, and no offer is left")
        if attempt.state is AttemptState.FAILED:
            return GiveUp(attempt.code or Code.PROVIDER_ERROR, attempt.reason or "the provider failed")
    return GiveUp(shortfall, message)


def waits(nobody: NoMatch, order: Order) -> datetime | None:
    """When to ask the book again, if somebody who would suit will be free in time."""
    until = nobody.waits_until
    return until if until is not None and until + ENOUGH <= order.expires_at else None
