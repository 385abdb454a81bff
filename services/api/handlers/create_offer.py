"""Take up a seller's offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.api.domain.order import IdempotencyKey
from services.api.domain.refusals import InvalidRequest, ModelNotFound
from services.api.domain.selling import NewOffer, default_request, on_sale, vouched
from services.api.handlers.once import once
from services.api.ports import Offers, Post, Requests, Urls
from shared.contracts.market_events import OfferChanged
from shared.contracts.records.offer import OfferRecord, key_binding
from shared.kernel.clock import Clock, in_millis
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.market.book import Entry, OrderBook
from shared.market.catalogue import Catalogue
from shared.market.offers import Offer, OfferStatus
from shared.providers.outcomes import NotQuoted, QuoteOutcome
from shared.providers.provider import Access, Provider
from shared.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Selling:
    """What taking up and changing offers needs."""

    catalogue: Catalogue
    providers: Mapping[str, Provider]
    offers: Offers
    vault: Vault
    post: Post
    clock: Clock
    book: OrderBook
    requests: Requests
    urls: Urls

    def took(self, record: OfferRecord) -> None:
        """Know at once what this process has stored, so that its seller's next call finds it."""
        self.book.put(Entry(record.offer, record.revision))


@dataclass(frozen=True, slots=True)
class TakenUp:
    """An offer that stands.  ``replayed``: an earlier request of the same name made it."""

    record: OfferRecord
    replayed: bool


async def create_offer(
    seller_id: str, new: NewOffer, *, world: Selling, idempotency: IdempotencyKey | None = None
) -> TakenUp:
    """The offer, active when its provider quoted a price and else unverified with the reason.

    Only a quote is asked (5 s at most), so nothing is spent.  The same idempotency key gives the
    same offer, as it is by then, and is checked no more.  Raises :class:`ModelNotFound`, what ``Urls``
    raises, :class:`InvalidRequest` for a provider that the market does not know, idempotency_in_flight
    or idempotency_key_reused.
    """

    async def made(offer_id: str) -> TakenUp | None:
        record = await world.offers.find_of(seller_id, offer_id)
        return None if record is None else TakenUp(record, replayed=True)

    async def make(offer_id: str) -> TakenUp:
        offer = await _checked(offer_id, seller_id, new, world)
        return TakenUp(await take_up(offer, new.api_key, world=world), replayed=False)

    if idempotency is None:
        return await make(new_id())
    return await once(
        seller_id, idempotency, made=made, make=make, give_up=None, requests=world.requests, clock=world.clock
    )


async def _checked(offer_id: str, seller_id: str, new: NewOffer, world: Selling) -> Offer:
    model = world.catalogue.find(new.model)
    if model is None or not on_sale(model):
        raise ModelNotFound(new.model)
    if new.provider not in world.providers or model.provider != new.provider:
        raise InvalidRequest(f"{model.id} is not rendered by {new.provider!r}", param="provider")
    return Offer(
        id=offer_id,
        seller_id=seller_id,
        provider=new.provider,
        base_url=await world.urls.base(new.base_url),
        model=model.id,
        terms=new.terms,
        status=OfferStatus.UNVERIFIED,
        key_id=new_id(),
        cap_daily=new.cap_daily,
        max_concurrent=new.max_concurrent,
    )


async def take_up(offer: Offer, api_key: Secret, *, world: Selling, label: str | None = None) -> OfferRecord:
    """Store a new offer, or a buyer's own provider, under its sealed key, as its provider's quote vouches for it.

    Who finds one of that id, which another handler of the same request has just stored, is given that one.
    """
    at = in_millis(world.clock.now())
    sealed = str(world.vault.seal(api_key, key_binding(offer.id, offer.seller_id)))
    entered = OfferRecord(offer, 1, None, at, {offer.key_id: sealed}, label)
    record = vouched(entered, await asked(offer, Access(offer.base_url, api_key), world))
    letter = world.post.letter(told(record))
    if not await world.offers.insert(record, at, letter):
        stored = await world.offers.find_of(offer.seller_id, offer.id)
        assert stored is not None
        return stored
    world.took(record)
    world.post.send(world.offers, offer.id, letter)
    return record


async def asked(offer: Offer, access: Access, world: Selling) -> QuoteOutcome:
    """What the provider quotes for the model's most ordinary job."""
    model = world.catalogue.find(offer.model)
    if model is None:
        return NotQuoted(f"{offer.model} is in the market's catalogue no more", definite=True)
    return await world.providers[offer.provider].quote(access, model, default_request(model))


def told(record: OfferRecord) -> OfferChanged:
    """The fact that an offer is now as it is."""
    offer = record.offer
    return OfferChanged(
        offer_id=offer.id,
        revision=record.revision,
        seller_id=offer.seller_id,
        model=offer.model,
        status=offer.status.value,
        role=None if offer.own is None else offer.own.role,
    )
