"""A shelf gives what sorting everything would give, however it came to be as it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import Money
from shared.market.catalogue import shipped_catalogue
from shared.market.discount import Floor
from shared.market.offers import Multiplier, Offer, OfferStatus, Terms
from shared.market.prices import PerDuration, PerGeneration, PerSecond, PerThousandCharacters, Quantity, Tier
from shared.market.selection import Demand, Match, NoMatch, candidates, select
from shared.market.shelf import Pair, Shelf
from shared.market.standings import Health, Standing

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MODEL = shipped_catalogue()["venice-ace-step-15"]

terms: st.SearchStrategy[Terms] = st.one_of(
    st.integers(0, 12_000).map(Multiplier),
    st.integers(0, 40_000).map(lambda micros: PerGeneration(Money(micros))),
    st.integers(0, 600).map(lambda micros: PerSecond(Money(micros))),
    st.integers(0, 9_000).map(lambda micros: PerThousandCharacters(Money(micros))),
    st.integers(0, 40_000).map(lambda micros: PerDuration((Tier(60, Money(micros)), Tier(90, Money(20_000))))),
)
standings = st.builds(
    Standing,
    offer_id=st.just(""),
    health=st.sampled_from(Health),
    until=st.sampled_from([None, NOW, NOW + timedelta(seconds=9)]),
    failures=st.integers(0, 2),
    in_flight=st.integers(0, 2),
    used_at=st.sampled_from([None, NOW, NOW - timedelta(hours=1)]),
)
pairs = st.builds(
    lambda name, terms, status, most, standing: (
        Offer(name, "seller", "venice", "https://p.example", MODEL.id, terms, status, "key", None, most),
        replace(standing, offer_id=name),
    ),
    st.sampled_from("abcdefgh"),
    terms,
    st.sampled_from([OfferStatus.ACTIVE, OfferStatus.ACTIVE, OfferStatus.UNVERIFIED]),
    st.integers(1, 3),
    standings,
)
demands = st.builds(
    lambda seconds, floor, ceiling, fee_bps: Demand(
        MODEL, Quantity(seconds, 9), Money(30_000), floor, ceiling, fee_bps
    ),
    st.sampled_from([None, 60, 61, 90]),
    st.none() | st.integers(0, 100).map(Floor),
    st.none() | st.integers(0, 40_000).map(Money),
    st.sampled_from([0, 1, 250]),
)


def first_eligible(book: dict[str, Pair], demand: Demand) -> str | None:
    """The choice by judging and sorting every offer."""
    judged = candidates(book.values(), demand, NOW)
    return next((candidate.offer.id for candidate in judged if candidate.eligible), None)


@given(st.lists(pairs), demands)
def test_the_choice_is_the_first_eligible_of_all_whatever_changed_before(changes: list[Pair], demand: Demand) -> None:
    shelf, book = Shelf(), {}
    for offer, standing in changes:
        if offer.id in book and offer.max_concurrent == 1:
            shelf.take(offer.id)
            del book[offer.id]
        else:
            shelf.put(offer, standing)
            book[offer.id] = (offer, standing)
    chosen = select(shelf, demand, NOW)
    expected = first_eligible(book, demand)
    assert (chosen.offer.id if isinstance(chosen, Match) else None) == expected
    assert sorted(offer.id for offer, _ in shelf) == sorted(book)


@given(st.lists(pairs, min_size=1, unique_by=lambda pair: pair[0].id), demands)
def test_who_asks_may_see_standings_differently(book: list[Pair], demand: Demand) -> None:
    shut = select(Shelf.of(book), demand, NOW, lambda standing, at: replace(standing, health=Health.SHUT))
    assert isinstance(shut, NoMatch)


def test_an_emptied_shelf_offers_nothing() -> None:
    offer = Offer("a", "s", "venice", "https://p.example", MODEL.id, Multiplier(1), OfferStatus.ACTIVE, "key", None, 1)
    shelf = Shelf.of([(offer, Standing("a"))])
    shelf.take("a")
    shelf.take("a")
    assert list(shelf) == []
    assert list(shelf.by_cost(MODEL.pricing, Quantity(60, 0), 0)) == []
