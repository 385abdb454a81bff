"""Whose turn it is: the buyer's own priority providers, the market, the buyer's fallback providers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.money import ZERO, Money
from shared.market.book import Entry, OrderBook
from shared.market.catalogue import shipped_catalogue
from shared.market.choice import choose, own_candidates
from shared.market.discount import Floor
from shared.market.offers import Cost, FeeOnly, Multiplier, Offer, OfferStatus, parse_terms, priced, terms_data
from shared.market.own import Own, OwnRole, own_data, parse_own
from shared.market.prices import Quantity
from shared.market.selection import Demand, Ineligible, Match, NoMatch, Shortfall
from shared.market.standings import Health, Standing

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
MODEL = shipped_catalogue()["venice-ace-step-15"]
EFFECTS = shipped_catalogue()["venice-elevenlabs-sound-effects-v2"]
FIRST, LAST = Own(OwnRole.PRIORITY), Own(OwnRole.FALLBACK)
MINUTE = Quantity(60, 10)


def offer(name: str, own: Own | None = None, **changes: object) -> Offer:
    made = Offer(
        id=name,
        seller_id=f"seller of {name}" if own is None else "buyer",
        provider="venice",
        base_url="https://provider.example/api/v1",
        model=MODEL.id,
        terms=Multiplier(7_000) if own is None else FeeOnly(),
        status=OfferStatus.ACTIVE,
        key_id=f"key of {name}",
        cap_daily=None,
        max_concurrent=100,
        own=own,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def demand(**changes: object) -> Demand:
    made = Demand(MODEL, MINUTE, Money(30_000), floor=None, ceiling=None, fee_bps=0)
    return replace(made, **changes)  # type: ignore[arg-type]


def choice(*offers: Offer, paused: str = "", **changes: object) -> Match | NoMatch:
    """What is chosen for the buyer; one of the offers may pause until later."""
    book = OrderBook()
    for each in offers:
        book.put(Entry(each, 1))
    book.put_standing(Standing(paused, Health.PAUSED, until=LATER))
    return choose(book.shelf(MODEL.id), book.own("buyer"), demand(**changes), NOW)


def chosen(*offers: Offer, paused: str = "", **changes: object) -> str:
    match = choice(*offers, paused=paused, **changes)
    assert isinstance(match, Match)
    return match.offer.id


@pytest.mark.parametrize(
    ("tried", "next_one"),
    [((), "first"), (("first",), "market"), (("first", "market"), "last"), (("market",), "first")],
)
def test_priority_comes_before_the_market_and_fallback_after_it(tried: tuple[str, ...], next_one: str) -> None:
    offers = (offer("last", LAST), offer("market"), offer("first", FIRST))
    assert chosen(*offers, tried=frozenset(tried)) == next_one


@pytest.mark.parametrize("own", [FIRST, LAST])
def test_the_floor_binds_the_market_and_not_a_provider_of_the_buyers_own(own: Own) -> None:
    assert chosen(offer("mine", own), offer("market"), floor=Floor(100), fee_bps=250) == "mine"


def test_a_fee_above_the_maximum_is_not_charged() -> None:
    assert chosen(offer("mine", FIRST), offer("market"), fee_bps=10_000, ceiling=Money(42_000)) == "mine"
    nobody = choice(offer("mine", FIRST), fee_bps=250, ceiling=Money(749))
    assert isinstance(nobody, NoMatch)


@pytest.mark.parametrize(
    "passed_over",
    [
        offer("mine", Own(OwnRole.PRIORITY, (EFFECTS.id,))),
        offer("mine", FIRST, provider="another"),
        offer("mine", FIRST, status=OfferStatus.UNVERIFIED),
        offer("mine", FIRST, status=OfferStatus.WITHDRAWN),
        offer("mine", FIRST, seller_id="another buyer"),
        offer("mine", FIRST, max_concurrent=0),
    ],
)
def test_a_provider_that_cannot_or_may_not_is_passed_over(passed_over: Offer) -> None:
    assert chosen(passed_over, offer("market")) == "market"


def test_a_paused_provider_is_waited_for_only_when_nobody_else_is_left() -> None:
    mine = offer("mine", FIRST)
    assert chosen(mine, offer("market"), paused="mine") == "market"
    assert chosen(mine, offer("last", LAST), paused="mine") == "last"
    assert choice(mine, paused="mine") == NoMatch(Shortfall.NO_HEALTHY_SELLERS, None, LATER)


def test_a_paused_market_is_not_waited_for_while_a_fallback_stands() -> None:
    assert chosen(offer("market"), offer("last", LAST), paused="market") == "last"


def test_where_nobody_is_left_the_market_says_why() -> None:
    mine = offer("mine", FIRST)
    nobody = choice(mine, offer("market"), tried=frozenset({"mine"}), floor=Floor(31))
    assert nobody == NoMatch(Shortfall.MINIMUM_DISCOUNT_NOT_MET, Money(21_000))


def test_between_two_of_one_role_the_better_standing_wins_then_the_least_recently_used() -> None:
    used, failed = Standing("b", used_at=NOW), Standing("a", failures=1)
    own = [(offer(each.offer_id, FIRST), each) for each in (failed, used, Standing("c"))]
    assert [each.offer.id for each in own_candidates(own, demand(), NOW)] == ["c", "b", "a"]


def test_each_of_the_buyers_providers_says_why_it_cannot() -> None:
    own = [(offer("a", FIRST), Standing("a", Health.SHUT)), (offer("b", LAST), Standing("b"))]
    reasons = [each.reason for each in own_candidates(own, demand(), NOW)]
    assert reasons == [Ineligible.UNHEALTHY, None]


def test_no_shelf_shows_a_provider_of_a_buyers_own() -> None:
    book = OrderBook()
    book.put(Entry(offer("mine", FIRST), 1))
    book.put_standing(Standing("mine", used_at=NOW))
    assert list(book.shelf(MODEL.id)) == []
    assert book.own("another") == []
    assert book.own("buyer") == [(offer("mine", FIRST), Standing("mine", used_at=NOW))]


def test_a_withdrawn_or_vanished_provider_is_in_the_book_no_more() -> None:
    book = OrderBook()
    book.put(Entry(offer("mine", FIRST), 1))
    book.put(Entry(offer("mine", FIRST, status=OfferStatus.WITHDRAWN), 2))
    assert book.own("buyer") == []
    book.put(Entry(offer("other", LAST), 1))
    book.refresh([], [], known=book.ids)
    assert book.own("buyer") == []


def test_only_the_fee_is_paid_and_without_a_list_price_not_even_that() -> None:
    assert priced(FeeOnly(), MODEL.pricing, MINUTE, 250) == Cost(ZERO, Money(750))
    assert priced(FeeOnly(), MODEL.pricing, MINUTE, 0) == Cost(ZERO, ZERO)
    assert priced(FeeOnly(), None, MINUTE, 250) == Cost(ZERO, ZERO)


def test_what_is_stored_of_it_is_read_again() -> None:
    assert parse_terms(terms_data(FeeOnly())) == FeeOnly()
    for own in (None, FIRST, Own(OwnRole.FALLBACK, (MODEL.id,))):
        assert parse_own(own_data(own)) == own
