"""Offers, as their sellers make, read, change and withdraw them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from services.api.domain.refusals import InvalidRequest
from services.api.domain.selling import DEFAULT_CONCURRENT, MOST_CONCURRENT, Cap, NewOffer, OfferChange
from services.api.entrypoints.http.amounts import Amount, amount
from services.api.entrypoints.http.answers import json_answer, list_answer, no_content
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.orders import idempotency_of
from services.api.entrypoints.http.shapes import Id, Schedule, Unix, Usdc, one_of
from services.api.entrypoints.http.strict_json import Body, read_body, read_object, validated
from services.api.handlers.change_offer import change_offer
from services.api.handlers.create_offer import create_offer
from services.api.handlers.read_offers import list_offers, read_offer
from services.api.handlers.withdraw_offer import withdraw_offer
from shared.contracts.records.offer import OfferRecord
from shared.kernel.clock import unix
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.offers import Multiplier, OfferStatus, Terms
from shared.market.prices import PerDuration, PriceError, PriceSchedule, parse_schedule, schedule_data

DEAREST: Final = Money(1_000_000_000)
"""The most that one unit of anything costs: a thousand dollars."""

REPLAYED: Final = {"Idempotent-Replayed": "true"}

Price = Annotated[Schedule | None, Field(description="A price schedule of the offer's own.")]
Bps = Annotated[int | None, Field(ge=1, le=100_000, description="Ten-thousandths of the model's list price.")]
Url = Annotated[str, Field(min_length=1, max_length=2048, description="What precedes /audio/queue.")]
Key = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[\x21-\x7e]+$")]
Concurrent = Annotated[int, Field(ge=1, le=MOST_CONCURRENT)]


class OfferBody(Body):
    """A new offer: one of ``multiplier_bps`` and ``price``."""

    provider: Annotated[str, Field(min_length=1, max_length=64)] = "venice"
    base_url: Url
    api_key: Key
    model: Annotated[str, Field(min_length=1, max_length=128)]
    multiplier_bps: Bps = None
    price: Price = None
    cap_daily_usdc: Amount | None = None
    max_concurrent: Concurrent = DEFAULT_CONCURRENT


class OfferChangeBody(Body):
    """What changes; null takes a cap away."""

    base_url: Url | None = None
    api_key: Key | None = None
    multiplier_bps: Bps = None
    price: Price = None
    cap_daily_usdc: Amount | None = None
    max_concurrent: Concurrent | None = None


class OfferView(TypedDict):
    """An offer as its seller sees it, without the provider's key."""

    id: Id
    object: Literal["offer"]
    model: str
    provider: str
    base_url: str
    status: Annotated[str, one_of(OfferStatus)]
    reason: Annotated[str | None, Field(description="Why nothing is routed there now.")]
    multiplier_bps: int | None
    price: Schedule | None
    cap_daily_usdc: Usdc | None
    max_concurrent: int
    created: Unix


async def create(call: Call) -> web.Response:
    """Take an offer up, once its provider was asked for a quote."""
    raw = await read_object(call.request)
    body = validated(raw, OfferBody)
    terms = _terms(body.multiplier_bps, body.price)
    if terms is None:
        raise InvalidRequest("an offer needs multiplier_bps or price", param="multiplier_bps")
    new = NewOffer(
        provider=body.provider,
        base_url=body.base_url,
        api_key=Secret(body.api_key),
        model=body.model,
        terms=terms,
        cap_daily=_cap(body.cap_daily_usdc),
        max_concurrent=body.max_concurrent,
    )
    key = idempotency_of(call.request.headers.get("Idempotency-Key"), raw, None)
    taken = await create_offer(call.account_id, new, world=call.world.selling, idempotency=key)
    shown = _shown(taken.record, call)
    return json_answer(shown, status=201, headers=REPLAYED if taken.replayed else {})


async def show_offers(call: Call) -> web.Response:
    """The seller's offers, newest first."""
    records = await list_offers(call.account_id, offers=call.world.selling.offers)
    return list_answer(_shown(record, call) for record in records)


async def show_offer(call: Call) -> web.Response:
    """One of the seller's offers."""
    record = await read_offer(call.account_id, call.offer_id, offers=call.world.selling.offers)
    return json_answer(_shown(record, call))


async def change(call: Call) -> web.Response:
    """The offer as changed; what is not said stays."""
    body = await read_body(call.request, OfferChangeBody)
    wanted = OfferChange(
        terms=_terms(body.multiplier_bps, body.price),
        cap=Cap(_cap(body.cap_daily_usdc)) if "cap_daily_usdc" in body.model_fields_set else None,
        max_concurrent=body.max_concurrent,
        base_url=None if body.base_url is None else await call.world.urls.base(body.base_url),
        api_key=None if body.api_key is None else Secret(body.api_key),
    )
    record = await change_offer(call.account_id, call.offer_id, wanted, world=call.world.selling)
    return json_answer(_view(record, record.reason))


async def withdraw(call: Call) -> web.Response:
    """Nothing new is routed there; what is under way goes on."""
    await withdraw_offer(call.account_id, call.offer_id, world=call.world.selling)
    return no_content()


def _terms(bps: int | None, price: dict[str, Any] | None) -> Terms | None:
    if bps is not None and price is not None:
        raise InvalidRequest("an offer has multiplier_bps or price, not both", param="price")
    if price is None:
        return None if bps is None else Multiplier(bps)
    try:
        schedule = parse_schedule(price)
    except PriceError as error:
        raise InvalidRequest(f"price: {error}", param="price") from None
    if max(_amounts(schedule)) > DEAREST:
        raise InvalidRequest(f"price: no amount is more than {DEAREST}", param="price")
    return schedule


def _amounts(schedule: PriceSchedule) -> list[Money]:
    if isinstance(schedule, PerDuration):
        return [tier.usdc for tier in schedule.tiers]
    (price,) = (getattr(schedule, name) for name in schedule.__slots__)
    return [price]


def _cap(text: str | None) -> Money | None:
    return None if text is None else amount(text, "cap_daily_usdc")


def _shown(record: OfferRecord, call: Call) -> OfferView:
    """The offer with the reason why nothing is routed there now, be it the quote's or that of the last jobs."""
    standing = call.world.submitting.book.standing(record.offer.id)
    closed = None if standing.open_at(call.world.clock.now()) else standing.reason
    return _view(record, record.reason or closed)


def _view(record: OfferRecord, reason: str | None) -> OfferView:
    offer = record.offer
    return {
        "id": offer.id,
        "object": "offer",
        "model": offer.model,
        "provider": offer.provider,
        "base_url": offer.base_url,
        "status": offer.status.value,
        "reason": reason,
        "multiplier_bps": offer.terms.bps if isinstance(offer.terms, Multiplier) else None,
        "price": schedule_data(offer.terms) if isinstance(offer.terms, PriceSchedule) else None,
        "cap_daily_usdc": None if offer.cap_daily is None else str(offer.cap_daily),
        "max_concurrent": offer.max_concurrent,
        "created": unix(record.created_at),
    }
