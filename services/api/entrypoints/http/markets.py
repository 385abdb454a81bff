"""The order book for everyone to read: what each model's most ordinary job costs, and at whom."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from typing_extensions import TypedDict

from services.api.domain.estimate import demanded
from services.api.domain.selling import default_request, on_sale
from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.board import Lines
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.lately import Seen
from services.api.entrypoints.http.models import model_named
from services.api.entrypoints.http.shapes import Id, Percent, Unix, Usdc
from services.api.entrypoints.http.world import World
from services.api.ports import Volume
from shared.contracts.job_view import whole_seconds
from shared.contracts.records.job import JobRecord
from shared.kernel.clock import unix
from shared.kernel.money import ZERO, Money
from shared.market.discount import discount_percent
from shared.market.models import Model
from shared.market.offers import OfferStatus
from shared.market.parameters import settled
from shared.market.selection import Candidate, Demand, candidates

_ALL: Final = ""
"""The page of all markets: no model is called so."""


class MarketView(TypedDict):
    """One model's market, by the price of its most ordinary job."""

    model: str
    kind: str
    best_price_usdc: Usdc | None
    reference_price_usdc: Usdc | None
    best_discount_pct: Percent | None
    sellers: int
    healthy_sellers: int
    jobs_24h: int
    volume_24h_usdc: Usdc


class MarketOfferView(TypedDict):
    """One offer of a market, as strangers may see it."""

    id: Id
    rank: int
    seller: str
    price_usdc: Usdc | None
    discount_pct: Percent | None
    healthy: bool
    available: bool
    cap_remaining_usdc: Usdc | None


class MadeView(TypedDict):
    """A job, as strangers may see it."""

    model: str
    buyer_cost_usdc: Usdc | None
    duration_seconds: int | None
    created: Unix


class MarketsView(TypedDict):
    """Every market."""

    markets: list[MarketView]


class FeedView(TypedDict):
    """What was made last."""

    items: list[MadeView]


class OffersView(TypedDict):
    """One model's offers, cheapest first."""

    model: str
    offers: list[MarketOfferView]


async def show_markets(call: Call) -> web.Response:
    """One line for each model that is on sale."""
    lately = await call.world.lately.seen()
    world = call.world
    sold = filter(on_sale, world.submitting.catalogue)
    lines = world.board.lines(_ALL, lambda: [_market(model, lately, world) for model in sold])
    return json_answer({"markets": lines})


async def show_feed(call: Call) -> web.Response:
    """What was made last, whoever ordered it."""
    lately = await call.world.lately.seen()
    return json_answer({"items": [_made(job) for job in lately.jobs]})


async def show_market(call: Call) -> web.Response:
    """One model's offers, cheapest first."""
    model, world = model_named(call), call.world
    return json_answer({"model": model.id, "offers": world.board.lines(model.id, lambda: _offers(model, world))})


def _made(job: JobRecord) -> MadeView:
    return {
        "model": job.parameters.model,
        "buyer_cost_usdc": _text(job.buyer_cost),
        "duration_seconds": whole_seconds(job.results[0].duration) if job.results else None,
        "created": unix(job.created_at),
    }


def _market(model: Model, lately: Seen, world: World) -> MarketView:
    demand = _ordinary(model, world)
    standing = _standing(demand, world)
    able = [candidate for candidate in standing if candidate.eligible]
    best = able[0].cost.buyer if able and able[0].cost is not None else None
    volume = lately.volumes.get(model.id, Volume(0, ZERO))
    return {
        "model": model.id,
        "kind": model.kind,
        "best_price_usdc": _text(best),
        "reference_price_usdc": _text(demand.reference),
        "best_discount_pct": None if best is None else discount_percent(best, demand.reference),
        "sellers": len({candidate.offer.seller_id for candidate in standing}),
        "healthy_sellers": len({candidate.offer.seller_id for candidate in able}),
        "jobs_24h": volume.jobs,
        "volume_24h_usdc": str(volume.paid),
    }


def _offers(model: Model, world: World) -> Lines:
    demand = _ordinary(model, world)
    standing = _standing(demand, world)
    return [_offer(rank, candidate, demand, world) for rank, candidate in enumerate(standing, start=1)]


def _offer(rank: int, candidate: Candidate, demand: Demand, world: World) -> MarketOfferView:
    now, offer = world.clock.now(), candidate.offer
    cost = None if candidate.cost is None else candidate.cost.buyer
    return {
        "id": offer.id,
        "rank": rank,
        "seller": offer.seller_id,
        "price_usdc": _text(cost),
        "discount_pct": None if cost is None else discount_percent(cost, demand.reference),
        "healthy": candidate.standing.open_at(now),
        "available": candidate.eligible,
        "cap_remaining_usdc": _text(_left(offer.cap_daily, candidate.standing.spent_on(now))),
    }


def _ordinary(model: Model, world: World) -> Demand:
    return demanded(settled(default_request(model), model), model, None, world.submitting.fee_bps)


def _standing(demand: Demand, world: World) -> list[Candidate]:
    """Offers that a quote has vouched for, cheapest first."""
    ranked = candidates(world.submitting.book.shelf(demand.model.id), demand, world.clock.now())
    return [candidate for candidate in ranked if candidate.offer.status is OfferStatus.ACTIVE]


def _left(cap: Money | None, spent: Money) -> Money | None:
    if cap is None:
        return None
    return cap - spent if spent < cap else ZERO


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)
