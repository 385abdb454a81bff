"""Hand a job to its provider under a stored intent, and write down what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.router.domain.closing import closing_of
from services.router.domain.health import answered
from services.router.domain.order import Order
from services.router.handlers.close_attempt import Moved, close_attempt
from services.router.handlers.note_standing import note_health, settle
from services.router.handlers.open_attempt import Opened
from services.router.handlers.quarantine import quarantine
from services.router.handlers.routing import Routing
from services.router.ports import Saved
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.clock import in_millis
from shared.kernel.money import ZERO
from shared.providers.keys import KeyGone
from shared.providers.outcomes import Faulty, NotQuoted, Pause, Refused, SubmitOutcome, Submitted, Unknown
from shared.providers.provider import Access
from shared.vault.errors import CannotOpen

_REST: Final = timedelta(seconds=1)
"""For an offer that is held back without a word about how long."""
_CROWDED: Final = Refused("it has many submits to answer first", Pause.THROTTLED, retry_after=timedelta(0))
"""The offer needs no rest: it was chosen before the others were sent, and is busy until one is answered."""

log = structlog.get_logger("attempt")


@dataclass(frozen=True, slots=True)
class NothingSent:
    """The intent is forgotten, as if the offer had not been chosen."""

    said: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class Superseded:
    """Somebody else closed the attempt meanwhile, and takes the job on."""


async def hand_over(opened: Opened, order: Order, routing: Routing) -> Moved | NothingSent | Superseded:
    """Submit once.  What came of it is stored when this returns; an accepted attempt comes back as submitted."""
    began, outcome = routing.clock.monotonic(), None
    try:
        outcome = await _submit(opened, order, routing)
        return await _written_down(opened, outcome, routing)
    finally:
        _tell(opened, outcome, routing.clock.monotonic() - began)


async def _submit(opened: Opened, order: Order, routing: Routing) -> SubmitOutcome:
    attempt = opened.attempt
    try:
        key = await routing.keys.open(attempt.offer_id, attempt.key_id)
    except (KeyGone, CannotOpen) as error:
        return Refused(f"its provider key cannot be had: {type(error).__name__}", Pause.BACKOFF)
    provider = routing.providers[attempt.provider]
    access = Access(attempt.base_url, key)
    if opened.reserved.probe and opened.reserved.standing.failures:
        quoted = await provider.quote(access, opened.model, order.parameters)
        if isinstance(quoted, NotQuoted) and not quoted.definite:
            return Refused(quoted.reason, quoted.pause, quoted.status, quoted.retry_after)
    if routing.restraint.crowded(attempt.offer_id):
        return _CROWDED
    with routing.restraint.submitting(attempt.offer_id, routing.clock.now()):
        return await provider.submit(access, opened.model, order.parameters)


async def _written_down(opened: Opened, outcome: SubmitOutcome, routing: Routing) -> Moved | NothingSent | Superseded:
    match outcome:
        case Submitted(provider_job_id):
            return await _accepted(opened, provider_job_id, outcome, routing)
        case Refused(pause=Pause.THROTTLED, status=None):
            return await _held_back(opened, outcome, routing)
        case Refused() | Faulty() | Unknown():
            tells = not isinstance(outcome, Faulty)
            closed = await close_attempt(opened.attempt, closing_of(outcome), routing, probes_on=tells)
            return Superseded() if closed is None else await _judged(opened, outcome, closed, routing)


async def _accepted(
    opened: Opened, provider_job_id: str, outcome: SubmitOutcome, routing: Routing
) -> Moved | Superseded:
    attempt, routed_at = opened.attempt, in_millis(routing.clock.now())
    match await routing.attempts.submitted(attempt, provider_job_id, routed_at):
        case Saved.STORED:
            submitted = replace(
                attempt, state=AttemptState.SUBMITTED, provider_job_id=provider_job_id, routed_at=routed_at
            )
            return await _judged(opened, outcome, Moved(submitted), routing)
        case Saved.SUPERSEDED:
            return Superseded()
        case Saved.TAKEN:
            return await quarantine(opened, provider_job_id, routing) or Superseded()


async def _held_back(opened: Opened, refused: Refused, routing: Routing) -> NothingSent | Superseded:
    """Nothing was sent, to spare the key's rate limit in this process, or its places."""
    attempt, rest = opened.attempt, _REST if refused.retry_after is None else refused.retry_after
    if rest:
        routing.restraint.rest(attempt.offer_id, routing.clock.now() + rest)
    if not await routing.attempts.drop(attempt):
        return Superseded()
    return NothingSent(await settle(attempt, ZERO, routing=routing))


async def _judged(opened: Opened, outcome: SubmitOutcome, closed: Moved, routing: Routing) -> Moved:
    """The same with what the answer says about the offer."""
    rule = partial(
        answered,
        outcome=outcome,
        sent_under=opened.reserved.sent_under,
        at=in_millis(routing.clock.now()),
        random=routing.random,
    )
    noted = await note_health(opened.reserved.standing, rule, revision=opened.revision, routing=routing)
    return Moved(closed.attempt, (*closed.said, *noted))


def _tell(opened: Opened, outcome: SubmitOutcome | None, seconds: float) -> None:
    """The one line of this attempt's submit; without an outcome it was interrupted and nobody knows."""
    attempt: AttemptRecord = opened.attempt
    log.info(
        "attempt",
        job_id=attempt.job_id,
        attempt=attempt.number,
        offer_id=attempt.offer_id,
        seller_id=attempt.seller_id,
        provider=attempt.provider,
        model=attempt.model,
        seller_cost=attempt.cost.seller.micros,
        probe=opened.reserved.probe,
        outcome="interrupted" if outcome is None else type(outcome).__name__.lower(),
        status=getattr(outcome, "status", None),
        reason=getattr(outcome, "reason", None) or getattr(outcome, "message", None),
        provider_job_id=getattr(outcome, "provider_job_id", None),
        seconds=round(seconds, 4),
    )
