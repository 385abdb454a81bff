"""Buyers' own providers: taken up like offers, shown to their buyer alone, and in no market."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from services.api.adapters.memory_offers import MemoryOffers
from services.api.adapters.memory_post import MemoryPost
from services.api.adapters.memory_requests import MemoryRequests
from services.api.domain.own_provider import MOST_PROVIDERS, NewProvider
from services.api.domain.refusals import InvalidRequest, OfferNotFound
from services.api.domain.selling import Label, OfferChange, OwnChange
from services.api.entrypoints.http.urls import Urls
from services.api.handlers.change_provider import change_provider
from services.api.handlers.create_offer import Selling
from services.api.handlers.create_provider import create_provider
from services.api.handlers.read_offers import list_offers, read_offer
from services.api.handlers.withdraw_offer import withdraw_offer
from shared.contracts.market_events import OfferChanged
from shared.contracts.records.offer import OfferRecord, key_binding
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.market.book import OrderBook
from shared.market.catalogue import shipped_catalogue
from shared.market.offers import FeeOnly, OfferStatus
from shared.market.own import Own, OwnRole
from shared.providers.memory import MemoryProvider
from shared.providers.outcomes import NotQuoted
from shared.vault.keys import VaultKey
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT, MODEL, Directory

KEY = Secret("own-key-canary")
EFFECTS = "venice-elevenlabs-sound-effects-v2"
SILENT = NotQuoted("nobody answers", definite=False)


@dataclass
class Desk:
    """A buyer who brings providers."""

    buyer: str = field(default_factory=new_id)
    offers: MemoryOffers = field(default_factory=MemoryOffers)
    provider: MemoryProvider = field(default_factory=MemoryProvider)
    vault: Vault = field(default_factory=lambda: Vault([VaultKey("v1", b"k" * 32)]))
    book: OrderBook = field(default_factory=OrderBook)

    def __post_init__(self) -> None:
        clock = StoppedClock(AT)
        self.post = MemoryPost(clock)
        self.world = Selling(
            shipped_catalogue(),
            {"venice": self.provider},
            self.offers,
            self.vault,
            self.post,
            clock,
            self.book,
            MemoryRequests(clock),
            Urls(Directory(), allow_private=False),
        )

    async def create(self, **fields: Any) -> OfferRecord:
        ordinary = {"provider": "venice", "base_url": "https://render.example/api/v1", "role": OwnRole.PRIORITY}
        return await create_provider(self.buyer, NewProvider(api_key=KEY, **ordinary | fields), world=self.world)

    async def change(self, record: OfferRecord, models: tuple[str, ...] | None = None, **changes: Any) -> OfferRecord:
        return await change_provider(self.buyer, record.offer.id, OfferChange(**changes), models, world=self.world)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_provider_that_quotes_is_active_for_everything_it_renders_and_costs_nothing_but_the_fee(
    desk: Desk,
) -> None:
    record = await desk.create(label="mine")
    offer = record.offer
    assert (offer.status, record.reason, record.label) == (OfferStatus.ACTIVE, None, "mine")
    assert (offer.seller_id, offer.terms, offer.own) == (desk.buyer, FeeOnly(), Own(OwnRole.PRIORITY))
    assert [call.act for call in desk.provider.calls] == ["quote"], "nothing was spent"


async def test_a_provider_that_does_not_answer_is_unverified_and_says_why(desk: Desk) -> None:
    desk.provider.quotes.append(SILENT)
    record = await desk.create()
    assert (record.offer.status, record.reason) == (OfferStatus.UNVERIFIED, "nobody answers")


async def test_its_key_is_sealed_for_it_and_its_buyer(desk: Desk) -> None:
    record = await desk.create()
    offer = record.offer
    assert KEY.reveal() not in repr(record)
    sealed = Sealed.parse(record.sealed_keys[offer.key_id])
    assert desk.vault.open(sealed, key_binding(offer.id, desk.buyer)) == KEY


async def test_the_news_of_it_has_its_role_and_no_secret(desk: Desk) -> None:
    record = await desk.create(role=OwnRole.FALLBACK)
    (said,) = await desk.post.arrive()
    assert isinstance(said, OfferChanged)
    assert (said.offer_id, said.seller_id, said.role) == (record.offer.id, desk.buyer, "fallback")
    assert KEY.reveal() not in said.model_dump_json()


async def test_the_process_that_took_it_up_knows_it_at_once_and_shows_it_in_no_market(desk: Desk) -> None:
    record = await desk.create()
    assert [offer for offer, _ in desk.book.own(desk.buyer)] == [record.offer]
    assert list(desk.book.shelf(MODEL)) == []


async def test_its_models_are_kept_by_their_ids_and_the_first_one_is_quoted(desk: Desk) -> None:
    record = await desk.create(models=(EFFECTS, "venice-music-gen", MODEL))
    assert record.offer.own == Own(OwnRole.PRIORITY, (EFFECTS, MODEL))
    assert desk.provider.calls[-1].model == shipped_catalogue()[EFFECTS]


@pytest.mark.parametrize(
    ("fields", "param"), [({"provider": "nobody"}, "provider"), ({"models": (MODEL, "nothing")}, "models")]
)
async def test_what_the_market_does_not_know_is_refused(desk: Desk, fields: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await desk.create(**fields)
    assert refused.value.param == param
    assert await list_offers(desk.buyer, offers=desk.offers) == []


async def test_a_buyer_has_only_so_many(desk: Desk) -> None:
    for _ in range(MOST_PROVIDERS):
        record = await desk.create()
    with pytest.raises(InvalidRequest):
        await desk.create()
    await withdraw_offer(desk.buyer, record.offer.id, world=desk.world)
    await desk.create()


async def test_what_is_not_said_stays_and_needs_no_quote(desk: Desk) -> None:
    record = await desk.create(models=(MODEL,), label="mine")
    after = await desk.change(record, own=OwnChange(role=OwnRole.FALLBACK), max_concurrent=3)
    assert after.offer.own == Own(OwnRole.FALLBACK, (MODEL,))
    assert (after.offer.max_concurrent, after.label, after.revision) == (3, "mine", 2)
    assert (await desk.change(record, own=OwnChange(label=Label(None)))).label is None
    assert len(desk.provider.calls) == 1


async def test_other_models_are_quoted_anew(desk: Desk) -> None:
    record = await desk.create(models=(MODEL,))
    desk.provider.quotes.append(SILENT)
    after = await desk.change(record, models=(EFFECTS,))
    assert (after.offer.own, after.offer.status) == (Own(OwnRole.PRIORITY, (EFFECTS,)), OfferStatus.UNVERIFIED)
    assert (await desk.change(record, models=())).offer.own == Own(OwnRole.PRIORITY)
    with pytest.raises(InvalidRequest):
        await desk.change(record, models=("nothing",))


async def test_nobody_else_reads_changes_or_withdraws_it(desk: Desk) -> None:
    record = await desk.create()
    stranger = Desk(offers=desk.offers)
    with pytest.raises(OfferNotFound):
        await read_offer(stranger.buyer, record.offer.id, offers=desk.offers)
    for models in (None, ()):
        with pytest.raises(OfferNotFound):
            await stranger.change(record, models)
    with pytest.raises(OfferNotFound):
        await withdraw_offer(stranger.buyer, record.offer.id, world=stranger.world)
    assert await list_offers(stranger.buyer, offers=desk.offers) == []
