"""How a seller's offers are doing."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from services.api.entrypoints.http.answers import list_answer
from services.api.entrypoints.http.call import Call
from services.api.handlers.read_offers import list_offers
from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.offer import OfferRecord
from shared.kernel.clock import unix
from shared.market.offers import OfferStatus
from shared.market.standings import Health, Standing

SHOWN: Final = 5
"""Attempts of each offer."""


async def show_health(call: Call) -> web.Response:
    """Of each offer: whether it is routed to, if not why and until when, and its last attempts."""
    records = await list_offers(call.account_id, offers=call.world.selling.offers)
    return list_answer([_named(record) | await health_of(record, call) for record in records])


def _named(record: OfferRecord) -> dict[str, Any]:
    return {"offer_id": record.offer.id, "model": record.offer.model, "status": record.offer.status.value}


async def health_of(record: OfferRecord, call: Call) -> dict[str, Any]:
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


def _attempt(attempt: AttemptRecord) -> dict[str, Any]:
    """One try, without what only its buyer may know."""
    closed = attempt.closed_at
    return {
        "job_id": attempt.job_id,
        "attempt": attempt.number,
        "state": attempt.state.value,
        "reason": attempt.reason,
        "began": unix(attempt.intended_at),
        "ended": None if closed is None else unix(closed),
    }
