"""Find an offer for a job and open an attempt at it: choose, reserve, store the intent, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from services.router.domain.next_step import Ask
from services.router.domain.order import Order
from services.router.domain.reservation import NotReserved, Reservation, Reserved, reserve
from services.router.handlers.keep_book import read_offers_for, take_standing
from services.router.handlers.note_standing import settle
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord, AttemptState, attempt_id
from shared.kernel.clock import in_millis
from shared.kernel.ids import new_id
from shared.kernel.money import ZERO
from shared.market.book import Entry
from shared.market.choice import choose
from shared.market.models import Model
from shared.market.selection import Demand, Match, NoMatch, Shortfall

_ROUNDS: Final = 20
"""Each lost round corrects one standing, so a longer book than this is asked again a little later."""
_SOON: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """The intent is stored; now, and only now, something may be sent."""

    attempt: AttemptRecord
    model: Model
    revision: int
    """Of the offer."""
    reserved: Reserved


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else opened the attempt of that number; what was reserved for it here is free again."""

    said: Sequence[Event] = ()


Opening: TypeAlias = Opened | Taken | NoMatch


async def open_attempt(order: Order, ask: Ask, routing: Routing) -> Opening:
    """Open the attempt at the offer or own provider whose turn it is and that has room, or say why there is none."""
    model = routing.catalogue.find(order.parameters.model)
    if model is None:
        return NoMatch(Shortfall.NO_HEALTHY_SELLERS, None)
    demand = order.demand(model, ask.tried)
    for _ in range(_ROUNDS):
        at = in_millis(routing.clock.now())
        match = await _chosen(order.buyer_id, demand, at, routing)
        if isinstance(match, NoMatch):
            return match
        number = attempt_id(order.job_id, ask.number)
        reservation = reserve(match.offer.id, number, new_id(), amount=match.cost.seller, at=at)
        reserved = await routing.standings.reserve(match.offer, reservation)
        take_standing(reserved.standing, routing)
        if isinstance(reserved, NotReserved):
            continue
        return await _intend(_intent(order, ask, model, match, reservation), model, reserved, routing)
    return NoMatch(Shortfall.NO_HEALTHY_SELLERS, None, at + _SOON)


async def _chosen(buyer_id: str, demand: Demand, at: datetime, routing: Routing) -> Match | NoMatch:
    """The book's choice.  A job may be quicker than the news of the offer it was made for: then read first."""
    match = _choose(buyer_id, demand, at, routing)
    if isinstance(match, NoMatch) and match.waits_until is None:
        await read_offers_for(demand.model.id, routing)
        match = _choose(buyer_id, demand, at, routing)
    return match


def _choose(buyer_id: str, demand: Demand, at: datetime, routing: Routing) -> Match | NoMatch:
    book = routing.book
    return choose(book.shelf(demand.model.id), book.own(buyer_id), demand, at, routing.restraint.seen)


async def _intend(intent: AttemptRecord, model: Model, reserved: Reserved, routing: Routing) -> Opened | Taken:
    stored = await routing.attempts.intend(intent)
    if stored is not None:
        entry: Entry | None = routing.book.entry(intent.offer_id)
        return Opened(stored, model, 0 if entry is None else entry.revision, reserved)
    return Taken(await settle(intent, ZERO, routing=routing))


def _intent(order: Order, ask: Ask, model: Model, match: Match, reservation: Reservation) -> AttemptRecord:
    """The attempt with everything frozen that may change while it runs."""
    offer = match.offer
    return AttemptRecord(
        job_id=order.job_id,
        number=ask.number,
        state=AttemptState.INTENDED,
        kind=order.kind,
        offer_id=offer.id,
        seller_id=offer.seller_id,
        provider=offer.provider,
        base_url=offer.base_url,
        key_id=offer.key_id,
        model=model.id,
        provider_model=model.provider_model,
        terms=offer.terms,
        cost=match.cost,
        intended_at=reservation.at,
        expires_at=order.expires_at,
        reservation_id=reservation.id,
    )
