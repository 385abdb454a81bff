"""Offers: one revision after another, each seller's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.api.adapters.memory_offers import MemoryOffers
from services.api.adapters.mongo_offers import MongoOffers
from services.api.adapters.mongo_sealed import MongoSealedKeys
from services.api.domain.selling import Label, OfferChange, OwnChange, Serving, changed, withdrawn
from services.api.ports import Offers
from shared.contracts.records.offer import OfferRecord
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.market.book import Entry
from shared.market.offers import FeeOnly, Multiplier, OfferStatus
from shared.market.own import Own, OwnRole
from shared.market.prices import parse_schedule
from shared.storage.mongo import Database, open_database
from tests.unit.services.api.samples import AT, MODEL, letter, offer_record

LATER = AT + timedelta(minutes=1)


@pytest.fixture
async def offers(database: Database | None) -> Offers:
    if database is None:
        return MemoryOffers()
    stored = MongoOffers(database["offers"])
    await stored.ensure_indexes()
    return stored


async def made(offers: Offers, record: OfferRecord | None = None) -> OfferRecord:
    record = record or offer_record()
    await offers.insert(record, AT, letter())
    return record


@pytest.mark.parametrize("terms", [Multiplier(7_000), parse_schedule({"per_second": "2300"})])
async def test_an_offer_comes_back_as_it_was_made(offers: Offers, terms: Multiplier) -> None:
    record = await made(offers, offer_record(terms=terms, cap_daily=Money(5)))
    assert await offers.find_of(record.offer.seller_id, record.offer.id) == record
    assert await offers.entry(record.offer.id) == Entry(record.offer, 1)


@pytest.mark.parametrize("models", [(), (MODEL,)])
async def test_a_buyers_own_provider_comes_back_as_it_was_made_and_changed(
    offers: Offers, models: tuple[str, ...]
) -> None:
    record = replace(offer_record(terms=FeeOnly(), own=Own(OwnRole.FALLBACK, models)), label="mine")
    await made(offers, record)
    assert await offers.find_of(record.offer.seller_id, record.offer.id) == record
    change = OwnChange(role=OwnRole.PRIORITY, serving=Serving(models, MODEL), label=Label(None))
    second = changed(record, OfferChange(own=change))
    assert await offers.replace(second, LATER, letter("e2"))
    assert await offers.list_of(record.offer.seller_id) == [second]
    assert await offers.entries() == [Entry(second.offer, 2)]


async def test_nobody_finds_lists_or_changes_a_foreign_offer(offers: Offers) -> None:
    record = await made(offers)
    assert await offers.find_of(new_id(), record.offer.id) is None
    assert await offers.list_of(new_id()) == []
    foreign = replace(changed(record, OfferChange()), offer=replace(record.offer, seller_id=new_id()))
    assert not await offers.replace(foreign, LATER, letter())


async def test_a_revision_follows_the_one_before_it_and_no_other(offers: Offers) -> None:
    record = await made(offers)
    second = changed(record, OfferChange(terms=Multiplier(5_000)))
    other = changed(record, OfferChange(terms=Multiplier(6_000)))
    outcomes = await asyncio.gather(*(offers.replace(each, LATER, letter("e2")) for each in (second, other)))
    assert sorted(outcomes) == [False, True]
    assert (await offers.find_of(record.offer.seller_id, record.offer.id)) in (second, other)


async def test_a_withdrawn_offer_is_found_and_told_of_but_stands_in_no_list(offers: Offers) -> None:
    record = await made(offers)
    gone = withdrawn(record)
    assert await offers.replace(gone, LATER, letter())
    assert await offers.list_of(record.offer.seller_id) == []
    assert await offers.entries() == []
    assert await offers.entry(record.offer.id) == Entry(gone.offer, 2)
    assert await offers.find_of(record.offer.seller_id, record.offer.id) == gone


async def test_a_sellers_offers_are_listed_newest_first(offers: Offers) -> None:
    old = await made(offers)
    young = await made(offers, replace(offer_record(seller_id=old.offer.seller_id), created_at=LATER))
    assert await offers.list_of(old.offer.seller_id) == [young, old]
    assert len(await offers.entries()) == 2


async def test_unverified_offers_are_found(offers: Offers) -> None:
    await made(offers)
    waiting = await made(offers, offer_record(status=OfferStatus.UNVERIFIED))
    assert await offers.unverified(5) == [waiting]


async def test_a_change_leaves_a_key_as_it_was_sealed_anew_meanwhile(mongo_url: str, database_name: str) -> None:
    async with open_database(mongo_url, database_name) as opened:
        offers, keys = MongoOffers(opened["offers"]), MongoSealedKeys(opened["offers"])
        record = await made(offers)
        (value,) = await keys.behind("new", "", 1)
        assert await keys.replace(value, "v1.new.AA")
        rekeyed = replace(
            changed(record, OfferChange()),
            offer=replace(record.offer, key_id="key-2"),
            sealed_keys={**record.sealed_keys, "key-2": "v1.new.BB"},
        )
        assert await offers.replace(rekeyed, LATER, letter())
        found = await offers.find_of(record.offer.seller_id, record.offer.id)
    assert found is not None
    assert found.sealed_keys == {"key-1": "v1.new.AA", "key-2": "v1.new.BB"}


async def test_a_spare_key_is_found_later_and_dropped(offers: Offers) -> None:
    record = await made(offers)
    rekeyed = replace(
        changed(record, OfferChange()),
        offer=replace(record.offer, key_id="key-2"),
        sealed_keys={"key-1": "sealed", "key-2": "b"},
    )
    await offers.replace(rekeyed, LATER, letter())
    assert await offers.with_spare_keys(LATER, 5) == []
    assert await offers.with_spare_keys(LATER + timedelta(seconds=1), 5) == [rekeyed]
    await offers.drop_key(record.offer.id, "key-2")
    await offers.drop_key(record.offer.id, "key-1")
    assert await offers.with_spare_keys(LATER + timedelta(seconds=1), 5) == []
    left = await offers.find_of(record.offer.seller_id, record.offer.id)
    assert left is not None
    assert left.sealed_keys == {"key-2": "b"}


async def test_every_key_of_a_withdrawn_offer_is_spare(offers: Offers) -> None:
    record = await made(offers)
    await offers.replace(withdrawn(record), LATER, letter())
    assert len(await offers.with_spare_keys(LATER + timedelta(seconds=1), 5)) == 1
    await offers.drop_key(record.offer.id, "key-1")
    assert await offers.with_spare_keys(LATER + timedelta(seconds=1), 5) == []
