"""A buyer's own providers: keys of the buyer's that are used before or after the market."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from services.api.domain.own_provider import NewProvider
from services.api.domain.refusals import NotFound, OfferNotFound
from services.api.domain.selling import DEFAULT_CONCURRENT, Label, OfferChange, OwnChange
from services.api.entrypoints.http.answers import json_answer, list_answer, no_content
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.offers import Concurrent, Key, Url
from services.api.entrypoints.http.seller_health import DoingView, health_of
from services.api.entrypoints.http.shapes import Id, Unix, one_of
from services.api.entrypoints.http.strict_json import Body, read_body
from services.api.handlers.change_provider import change_provider
from services.api.handlers.create_provider import create_provider
from services.api.handlers.read_offers import list_offers, read_offer
from services.api.handlers.withdraw_offer import withdraw_offer
from shared.contracts.records.offer import OfferRecord
from shared.kernel.clock import unix
from shared.kernel.secret import Secret
from shared.market.offers import OfferStatus
from shared.market.own import OwnRole

Role = Annotated[
    Literal["priority", "fallback"], Field(description="Asked before the market, or when the market has nobody.")
]
Name = Annotated[str, Field(min_length=1, max_length=128)]
Models = Annotated[
    list[Name] | None, Field(min_length=1, max_length=100, description="Null: every model of the provider's.")
]
Title = Annotated[str | None, Field(min_length=1, max_length=100)]


class ProviderBody(Body):
    """A new provider of the buyer's own."""

    provider: Name = "venice"
    base_url: Url
    api_key: Key
    role: Role
    models: Models = None
    max_concurrent: Concurrent = DEFAULT_CONCURRENT
    label: Title = None


class ProviderChangeBody(Body):
    """What changes; null models are all of them, a null label is none."""

    base_url: Url | None = None
    api_key: Key | None = None
    role: Role | None = None
    models: Models = None
    max_concurrent: Concurrent | None = None
    label: Title = None


class ProviderView(TypedDict):
    """A provider of the buyer's own, without its key."""

    id: Id
    object: Literal["provider"]
    provider: str
    base_url: str
    role: Annotated[str, one_of(OwnRole)]
    models: list[str] | None
    label: str | None
    status: Annotated[str, one_of(OfferStatus)]
    reason: str | None
    max_concurrent: int
    created: Unix
    health: DoingView


async def create(call: Call) -> web.Response:
    """Take a provider up, once it was asked for a quote."""
    body = await read_body(call.request, ProviderBody)
    new = NewProvider(
        provider=body.provider,
        base_url=await call.world.urls.base(body.base_url),
        api_key=Secret(body.api_key),
        role=OwnRole(body.role),
        models=tuple(body.models or ()),
        max_concurrent=body.max_concurrent,
        label=body.label,
    )
    record = await create_provider(call.account_id, new, world=call.world.selling)
    return json_answer(await _view(record, call), status=201)


async def show_providers(call: Call) -> web.Response:
    """The buyer's providers, newest first."""
    records = await list_offers(call.account_id, offers=call.world.selling.offers)
    return list_answer([await _view(record, call) for record in records])


async def show_provider(call: Call) -> web.Response:
    """One of the buyer's providers, with how it is doing."""
    with _no_provider():
        record = await read_offer(call.account_id, call.id_of("provider"), offers=call.world.selling.offers)
    return json_answer(await _view(record, call))


async def change(call: Call) -> web.Response:
    """The provider as changed; what is not said stays."""
    body = await read_body(call.request, ProviderChangeBody)
    said = body.model_fields_set
    wanted = OfferChange(
        max_concurrent=body.max_concurrent,
        base_url=None if body.base_url is None else await call.world.urls.base(body.base_url),
        api_key=None if body.api_key is None else Secret(body.api_key),
        own=OwnChange(
            role=None if body.role is None else OwnRole(body.role),
            label=Label(body.label) if "label" in said else None,
        ),
    )
    models = (body.models or []) if "models" in said else None
    with _no_provider():
        record = await change_provider(
            call.account_id, call.id_of("provider"), wanted, models, world=call.world.selling
        )
    return json_answer(await _view(record, call))


async def withdraw(call: Call) -> web.Response:
    """Nothing new is routed there; what is under way goes on."""
    with _no_provider():
        await withdraw_offer(call.account_id, call.id_of("provider"), world=call.world.selling)
    return no_content()


@contextmanager
def _no_provider() -> Iterator[None]:
    """Tell a buyer of a provider where the market would tell a seller of an offer."""
    try:
        yield
    except OfferNotFound:
        raise NotFound("provider") from None


async def _view(record: OfferRecord, call: Call) -> ProviderView:
    offer = record.offer
    assert offer.own is not None
    return {
        "id": offer.id,
        "object": "provider",
        "provider": offer.provider,
        "base_url": offer.base_url,
        "role": offer.own.role.value,
        "models": list(offer.own.models) or None,
        "label": record.label,
        "status": offer.status.value,
        "reason": record.reason,
        "max_concurrent": offer.max_concurrent,
        "created": unix(record.created_at),
        "health": await health_of(record, call),
    }
