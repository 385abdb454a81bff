"""Offers: vouched for by a quote alone, told of at every change, their keys sealed and kept while needed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from services.api.adapters.memory_market import MemoryAttempts, MemoryStandings
from services.api.adapters.memory_offers import MemoryOffers
from services.api.adapters.memory_post import MemoryPost
from services.api.adapters.memory_requests import MemoryRequests
from services.api.domain.order import IdempotencyKey
from services.api.domain.refusals import InvalidRequest, ModelNotFound, OfferNotFound
from services.api.domain.selling import Cap, NewOffer, OfferChange, default_request
from services.api.entrypoints.http.urls import Urls
from services.api.handlers.change_offer import change_offer
from services.api.handlers.create_offer import Selling, TakenUp, create_offer
from services.api.handlers.drop_spare_keys import KEPT_FOR, drop_spare_keys
from services.api.handlers.keep_book import hear_offer, refresh_book
from services.api.handlers.read_offers import list_offers, read_offer
from services.api.handlers.verify_offers import verify_offers
from services.api.handlers.withdraw_offer import withdraw_offer
from shared.contracts.market_events import OfferChanged
from shared.contracts.records.offer import OfferRecord, key_binding
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.book import OrderBook
from shared.market.catalogue import shipped_catalogue
from shared.market.models import Model
from shared.market.offers import Multiplier, OfferStatus
from shared.market.parameters import settled
from shared.providers.memory import MemoryProvider
from shared.providers.outcomes import NotQuoted
from shared.vault.keys import VaultKey
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT, MODEL, Directory, attempt

KEY = Secret("venice-key-canary")
CATALOGUE = shipped_catalogue()


SILENT = NotQuoted("nobody answers", definite=False)


@dataclass
class Stall:
    seller: str = field(default_factory=new_id)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(AT))
    offers: MemoryOffers = field(default_factory=MemoryOffers)
    provider: MemoryProvider = field(default_factory=MemoryProvider)
    attempts: MemoryAttempts = field(default_factory=MemoryAttempts)
    vault: Vault = field(default_factory=lambda: Vault([VaultKey("v1", b"k" * 32)]))

    def __post_init__(self) -> None:
        self.post = MemoryPost(self.clock)
        self.book = OrderBook()
        self.names = Directory()
        self.world = Selling(
            CATALOGUE,
            {"venice": self.provider},
            self.offers,
            self.vault,
            self.post,
            self.clock,
            self.book,
            MemoryRequests(self.clock),
            Urls(self.names, allow_private=False),
        )

    async def create(self, model: str = "venice-music-gen", provider: str = "venice") -> OfferRecord:
        return (await self.take_up(None, model, provider)).record

    async def take_up(
        self, key: IdempotencyKey | None, model: str = "venice-music-gen", provider: str = "venice"
    ) -> TakenUp:
        new = NewOffer(provider, "https://render.example/api/v1", KEY, model, Multiplier(7_000), Money(5), 10)
        return await create_offer(self.seller, new, world=self.world, idempotency=key)

    async def change(self, record: OfferRecord, **changes: object) -> OfferRecord:
        return await change_offer(self.seller, record.offer.id, OfferChange(**changes), world=self.world)  # type: ignore[arg-type]

    def opened(self, record: OfferRecord, key_id: str) -> Secret:
        sealed = Sealed.parse(record.sealed_keys[key_id])
        return self.vault.open(sealed, key_binding(record.offer.id, self.seller))

    async def drop_spare_keys(self) -> None:
        await drop_spare_keys(offers=self.offers, attempts=self.attempts, clock=self.clock)


@pytest.fixture
def stall() -> Stall:
    return Stall()


async def test_an_offer_that_is_quoted_is_active_under_the_catalogues_id(stall: Stall) -> None:
    record = await stall.create()
    assert (record.offer.model, record.offer.status, record.reason) == (MODEL, OfferStatus.ACTIVE, None)
    assert await read_offer(stall.seller, record.offer.id, offers=stall.offers) == record
    assert [call.act for call in stall.provider.calls] == ["quote"], "nothing was spent"


async def test_whoever_took_an_offer_up_sells_it_before_the_news_of_it_has_come(stall: Stall) -> None:
    record = await stall.create()
    assert [offer for offer, _ in stall.book.shelf(MODEL)] == [record.offer]
    changed = await stall.change(record, terms=Multiplier(6_000))
    assert [offer for offer, _ in stall.book.shelf(MODEL)] == [changed.offer]
    await withdraw_offer(stall.seller, record.offer.id, world=stall.world)
    assert list(stall.book.shelf(MODEL)) == []


async def test_an_offer_that_is_not_quoted_is_unverified_and_says_why(stall: Stall) -> None:
    stall.provider.quotes.append(SILENT)
    record = await stall.create()
    assert (record.offer.status, record.reason) == (OfferStatus.UNVERIFIED, "nobody answers")


async def test_the_key_is_sealed_for_its_offer_and_its_seller(stall: Stall) -> None:
    record = await stall.create()
    assert KEY.reveal() not in repr(record)
    assert stall.opened(record, record.offer.key_id) == KEY


async def test_an_offer_for_an_unknown_model_or_at_an_unknown_provider_is_refused(stall: Stall) -> None:
    with pytest.raises(ModelNotFound):
        await stall.create(model="nothing")
    with pytest.raises(InvalidRequest):
        await stall.create(provider="nobody")


async def test_every_change_is_told_with_its_revision(stall: Stall) -> None:
    record = await stall.create()
    changed = await stall.change(record, terms=Multiplier(6_000), cap=Cap(None), max_concurrent=7)
    assert (changed.offer.terms, changed.offer.cap_daily, changed.offer.max_concurrent) == (Multiplier(6_000), None, 7)
    await withdraw_offer(stall.seller, record.offer.id, world=stall.world)
    said = [(e.revision, e.status) for e in await stall.post.arrive() if isinstance(e, OfferChanged)]
    assert said == [(1, "active"), (2, "active"), (3, "withdrawn")]


async def test_a_change_of_price_alone_asks_no_provider(stall: Stall) -> None:
    record = await stall.create()
    changed = await stall.change(record, terms=Multiplier(6_000))
    assert len(stall.provider.calls) == 1
    assert (changed.offer.status, changed.offer.cap_daily) == (OfferStatus.ACTIVE, Money(5))


async def test_a_new_key_is_quoted_and_the_old_one_kept_for_who_began_with_it(stall: Stall) -> None:
    record = await stall.create()
    changed = await stall.change(record, api_key=Secret("second"))
    assert changed.offer.key_id != record.offer.key_id
    assert stall.opened(changed, changed.offer.key_id) == Secret("second")
    assert stall.opened(changed, record.offer.key_id) == KEY
    assert stall.provider.calls[-1].access.api_key == Secret("second")


async def test_a_withdrawn_offer_is_gone_for_its_seller(stall: Stall) -> None:
    record = await stall.create()
    await withdraw_offer(stall.seller, record.offer.id, world=stall.world)
    with pytest.raises(OfferNotFound):
        await read_offer(stall.seller, record.offer.id, offers=stall.offers)
    with pytest.raises(OfferNotFound):
        await stall.change(record)
    with pytest.raises(OfferNotFound):
        await withdraw_offer(stall.seller, record.offer.id, world=stall.world)
    assert await list_offers(stall.seller, offers=stall.offers) == []


async def test_a_foreign_offer_is_not_there(stall: Stall) -> None:
    record = await stall.create()
    with pytest.raises(OfferNotFound):
        await change_offer(new_id(), record.offer.id, OfferChange(), world=stall.world)


async def test_an_unverified_offer_becomes_active_when_its_provider_quotes(stall: Stall) -> None:
    stall.provider.quotes.append(SILENT)
    record = await stall.create()
    stall.provider.quotes.append(SILENT)
    await verify_offers(world=stall.world)
    assert (await read_offer(stall.seller, record.offer.id, offers=stall.offers)).revision == 1
    await verify_offers(world=stall.world)
    verified = await read_offer(stall.seller, record.offer.id, offers=stall.offers)
    assert (verified.revision, verified.offer.status, verified.reason) == (2, OfferStatus.ACTIVE, None)


async def test_a_replaced_key_is_dropped_after_a_day_unless_an_attempt_still_needs_it(stall: Stall) -> None:
    record = await stall.create()
    changed = await stall.change(record, api_key=Secret("second"))
    stall.attempts.put(attempt("j1", offer_id=record.offer.id, key_id=record.offer.key_id))
    stall.clock.move(KEPT_FOR + timedelta(seconds=1))
    await stall.drop_spare_keys()
    assert set((await read_offer(stall.seller, record.offer.id, offers=stall.offers)).sealed_keys) == {
        record.offer.key_id,
        changed.offer.key_id,
    }
    stall.attempts = MemoryAttempts()
    await stall.drop_spare_keys()
    assert set((await read_offer(stall.seller, record.offer.id, offers=stall.offers)).sealed_keys) == {
        changed.offer.key_id
    }


async def test_the_book_follows_what_is_told_and_catches_up_with_what_was_missed(stall: Stall) -> None:
    book = OrderBook()
    record = await stall.create()
    for event in await stall.post.arrive():
        assert isinstance(event, OfferChanged)
        await hear_offer(event, book=book, offers=stall.offers)
    assert [offer for offer, _ in book.shelf(MODEL)] == [record.offer]
    await withdraw_offer(stall.seller, record.offer.id, world=stall.world)
    await refresh_book(book=book, offers=stall.offers, standings=MemoryStandings())
    assert list(book.shelf(MODEL)) == []


@pytest.mark.parametrize("model", list(CATALOGUE), ids=lambda model: model.id)
def test_the_most_ordinary_request_is_one_that_the_model_takes(model: Model) -> None:
    settled(default_request(model), model)


def test_a_day_is_longer_than_any_job() -> None:
    assert timedelta(minutes=16) < KEPT_FOR


@pytest.mark.parametrize("most", [1, 2, 8, 20, 22, 23])
@pytest.mark.parametrize("least", [1, 20])
def test_the_most_ordinary_request_fits_a_model_that_takes_few_words(most: int, least: int) -> None:
    """One such model in the catalogue once was enough to break the page of all markets."""
    spoken = replace(CATALOGUE[MODEL], supports_lyrics=True, lyrics_required=True, lyrics_limit=most)
    model = replace(spoken, min_prompt_length=min(least, most), prompt_limit=most)
    settled(default_request(model), model)
