"""Take a job on from where its attempts stand: the loop behind everything that may begin an attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from services.router.domain.closing import Closing, Code, counted
from services.router.domain.health import failed
from services.router.domain.next_step import Ask, GiveUp, Leave, Resolve, SayRouted, next_step, nobody_left, waits
from services.router.domain.objection import Objection, objection
from services.router.domain.order import Order
from services.router.domain.shortfall import words_for
from services.router.handlers.close_attempt import close_attempt
from services.router.handlers.hand_over import NothingSent, Superseded, hand_over
from services.router.handlers.keep_book import read_book
from services.router.handlers.news import job_routed, job_unroutable
from services.router.handlers.note_standing import note_health, offer_revision, settle
from services.router.handlers.open_attempt import Opened, Taken, open_attempt
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.clock import in_millis
from shared.kernel.errors import Transient
from shared.kernel.money import ZERO
from shared.market.selection import NoMatch

BEGIN_WITHIN: Final = 100.0
"""Seconds after which one message begins no further attempt, so that its deadline never meets a submit."""
LIVE_INTENT: Final = timedelta(seconds=30)
"""When to look again at an intent that is too young to be given up."""
NO_ROOM: Final = timedelta(seconds=30)
LOOK_UP: Final = timedelta(seconds=10)
"""However long a pause is, another offer may come, or the buyer may cancel, in the meantime."""

_LOST: Final = "a router was lost while it submitted the job"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of the loop said, and the attempts after it; None when the job is out of our hands."""

    said: Sequence[Event] = ()
    history: Sequence[AttemptRecord] | None = None


async def advance_job(order: Order, history: Sequence[AttemptRecord], routing: Routing) -> Sequence[Event]:
    """Go on until a provider has the job, nobody can take it, or it must wait; return what is to be said.

    Raises ``Transient`` while another router may be making an attempt.
    """
    began = routing.clock.monotonic()
    said: list[Event] = []
    at_hand: Sequence[AttemptRecord] | None = history
    while at_hand is not None:
        turn = await _turn(order, at_hand, routing, tired=routing.clock.monotonic() - began > BEGIN_WITHIN)
        said += turn.said
        at_hand = turn.history
    return said


async def _turn(order: Order, history: Sequence[AttemptRecord], routing: Routing, *, tired: bool) -> Turn:
    at = routing.clock.now()
    match next_step(order, history, at):
        case Leave():
            return Turn()
        case SayRouted(attempt):
            return Turn((job_routed(attempt),))
        case GiveUp() as reason:
            return Turn(_given_up(order, history, reason))
        case Resolve(attempt):
            return await _resolve(attempt, routing)
        case Ask() if tired:
            _wait(order, at, routing)
            return Turn()
        case Ask() as ask:
            return await _ask(order, ask, history, routing)


def _given_up(order: Order, history: Sequence[AttemptRecord], reason: GiveUp) -> Sequence[Event]:
    made = sum(attempt.state is not AttemptState.WITHDRAWN for attempt in history)
    return (job_unroutable(order, attempts=made, code=reason.code, message=reason.message),)


async def _resolve(attempt: AttemptRecord, routing: Routing) -> Turn:
    """Give up an intent that nobody is at any more."""
    if not await routing.attempts.abandon(attempt):
        history = await routing.attempts.of_job(attempt.job_id)
        if any(other == attempt for other in history):
            raise Transient("another router is making this attempt", after=LIVE_INTENT)
        return Turn((), history)
    history = await routing.attempts.of_job(attempt.job_id)
    lost = next(other for other in history if other.number == attempt.number)
    freed = await settle(lost, counted(lost), routing=routing)
    at = in_millis(routing.clock.now())
    rule = partial(failed, reason=_LOST, sent_under=None, at=at, random=routing.random)
    noted = await note_health(
        await routing.standings.find(lost.offer_id),
        rule,
        revision=offer_revision(lost.offer_id, routing),
        routing=routing,
    )
    return Turn((*freed, *noted), history)


async def _ask(order: Order, ask: Ask, history: Sequence[AttemptRecord], routing: Routing) -> Turn:
    opening = await open_attempt(order, ask, routing)
    if isinstance(opening, NoMatch) and waits(opening, order) is None:
        # News of an offer may be slower than the job that was ordered because of it.
        await read_book(routing=routing)
        opening = await open_attempt(order, ask, routing)
    match opening:
        case NoMatch():
            return Turn(_unmatched(order, history, opening, routing))
        case Taken(said):
            return Turn(said, await routing.attempts.of_job(order.job_id))
        case Opened():
            against = await _objection(opening.attempt, routing)
            if against is not None:
                return await _withdraw(opening.attempt, against, history, routing)
            return await _hand_over(opening, order, history, routing)


def _unmatched(order: Order, history: Sequence[AttemptRecord], nobody: NoMatch, routing: Routing) -> Sequence[Event]:
    until = waits(nobody, order)
    if until is None:
        reason = nobody_left(history, nobody.shortfall, words_for(nobody, order))
        return _given_up(order, history, reason)
    _wait(order, min(until, routing.clock.now() + LOOK_UP), routing)
    return ()


def _wait(order: Order, until: datetime, routing: Routing) -> None:
    if not routing.waiting.enter(order.job_id, until, order.parameters.model):
        raise Transient("too many jobs wait for an offer here", after=NO_ROOM)


async def _objection(attempt: AttemptRecord, routing: Routing) -> Objection | None:
    """Look, now that the intent can be seen by whoever cancels, at what others say about the job."""
    job = await routing.jobs.find(attempt.job_id)
    artifacts = await routing.artifacts.of_job(attempt.job_id) if attempt.number > 1 else ()
    return objection(job, artifacts)


async def _withdraw(
    attempt: AttemptRecord, against: Objection, history: Sequence[AttemptRecord], routing: Routing
) -> Turn:
    """Take the intent back before anything was sent."""
    if against is Objection.ARTIFACT:
        dropped = await routing.attempts.drop(attempt)
        return Turn(await settle(attempt, ZERO, routing=routing)) if dropped else Turn()
    code = Code.CANCELED if against is Objection.CANCELED else Code.ENDED
    moved = await close_attempt(attempt, Closing(AttemptState.WITHDRAWN, code, f"job {code}"), routing)
    return Turn() if moved is None else Turn(moved.said, (*history, moved.attempt))


async def _hand_over(opened: Opened, order: Order, history: Sequence[AttemptRecord], routing: Routing) -> Turn:
    outcome = await hand_over(opened, order, routing)
    match outcome:
        case Superseded():
            return Turn()
        case NothingSent(said):
            return Turn(said, history)
        case moved:
            return Turn(moved.said, (*history, moved.attempt))
