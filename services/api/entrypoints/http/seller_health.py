"""How a seller's offers are doing."""

from __future__ import annotations

from typing import Annotated, Final

from aiohttp import web
from typing_extensions import TypedDict

from services.api.entrypoints.http.answers import list_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.shapes import Id, Unix, Usdc, one_of
from services.api.handlers.read_offers import list_offers
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.contracts.records.offer import OfferRecord
from shared.kernel.clock import unix
from shared.market.offers import OfferStatus
from shared.market.standings import Health, Standing

SHOWN: Final = 5
"""Attempts of each offer."""


class AttemptView(TypedDict):
    """One try, without what only its buyer may know."""

    job_id: Id
    attempt: int
    state: Annotated[str, one_of(AttemptState)]
    reason: str | None
    began: Unix
    ended: Unix | None


class DoingView(TypedDict):
    """How an offer is doing; ``open``: it is routed to now."""

    state: Annotated[str, one_of([*Health, OfferStatus.UNVERIFIED, OfferStatus.WITHDRAWN])]
    reason: str | None
    open: bool
    next_probe_at: Unix | None
    failures: int
    in_flight: int
    spent_today_usdc: Usdc
    recent_attempts: list[AttemptView]


class OfferHealthView(DoingView):
    """How one of the seller's offers is doing."""

    offer_id: Id
    model: str
    status: Annotated[str, one_of(OfferStatus)]


async def show_health(call: Call) -> web.Response:
    """Of each offer: whether it is routed to, if not why and until when, and its last attempts."""
    records = await list_offers(call.account_id, offers=call.world.selling.offers)
    return list_answer([await _named(record, call) for record in records])


async def _named(record: OfferRecord, call: Call) -> OfferHealthView:
    offer, doing = record.offer, await health_of(record, call)
    return {"offer_id": offer.id, "model": offer.model, "status": offer.status.value, **doing}


async def health_of(record: OfferRecord, call: Call) -> DoingView:
    """How an offer, or a buyer's own provider, is doing, for whom the key belongs to."""
    now, offer = call.world.clock.now(), record.offer
    standing = call.world.submitting.book.standing(offer.id)
    attempts = await call.world.histories.of_offer(offer.id, SHOWN)
    verified = offer.status is OfferStatus.ACTIVE
    return {
        "state": standing.health.value if verified else offer.status.value,
        "reason": standing.reason if verified else record.reason,
        "open": verified and standing.open_at(now),
        "next_probe_at": _next_probe(standing),
        "failures": standing.failures,
        "in_flight": standing.in_flight,
        "spent_today_usdc": str(standing.spent_on(now)),
        "recent_attempts": [_attempt(attempt) for attempt in attempts],
    }


def _next_probe(standing: Standing) -> int | None:
    """When routing tries again by itself; never, when only the seller can mend it."""
    if standing.health is not Health.PAUSED or standing.until is None:
        return None
    return unix(standing.until)


def _attempt(attempt: AttemptRecord) -> AttemptView:
    closed = attempt.closed_at
    return {
        "job_id": attempt.job_id,
        "attempt": attempt.number,
        "state": attempt.state.value,
        "reason": attempt.reason,
        "began": unix(attempt.intended_at),
        "ended": None if closed is None else unix(closed),
    }
