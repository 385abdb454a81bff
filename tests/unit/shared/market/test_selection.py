"""Who wins, and why the others do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.kernel.money import Money
from shared.market.catalogue import shipped_catalogue
from shared.market.discount import Floor
from shared.market.offers import Multiplier, Offer, OfferStatus
from shared.market.prices import PerGeneration, PerSecond, Quantity
from shared.market.selection import Demand, Ineligible, Match, NoMatch, Shortfall, candidates, select
from shared.market.shelf import Shelf
from shared.market.standings import Health, Standing

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MODEL = shipped_catalogue()["venice-ace-step-15"]


def offer(name: str, bps: int = 7000, **changes: object) -> Offer:
    made = Offer(
        id=name,
        seller_id=f"seller of {name}",
        provider="venice",
        base_url="https://provider.example/api/v1",
        model=MODEL.id,
        terms=Multiplier(bps),
        status=OfferStatus.ACTIVE,
        key_id=f"key of {name}",
        cap_daily=None,
        max_concurrent=100,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def demand(**changes: object) -> Demand:
    made = Demand(
        model=MODEL,
        quantity=Quantity(60, 10),
        reference=Money(30_000),
        floor=None,
        ceiling=None,
        fee_bps=0,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def chosen(*book: tuple[Offer, Standing], **changes: object) -> str:
    result = select(Shelf.of(book), demand(**changes), NOW)
    assert isinstance(result, Match)
    return result.offer.id


def refused(*book: tuple[Offer, Standing], **changes: object) -> NoMatch:
    result = select(Shelf.of(book), demand(**changes), NOW)
    assert isinstance(result, NoMatch)
    return result


def with_standing(made: Offer, **changes: object) -> tuple[Offer, Standing]:
    return made, replace(Standing(made.id), **changes)  # type: ignore[arg-type]


def test_the_cheapest_offer_wins() -> None:
    assert chosen(with_standing(offer("a", 8000)), with_standing(offer("b", 6000))) == "b"


def test_cost_is_of_this_job_not_of_the_multiplier() -> None:
    by_second = offer("second", terms=PerSecond(Money(100)))
    flat = offer("flat", terms=PerGeneration(Money(5_999)))
    assert chosen(with_standing(by_second), with_standing(flat)) == "flat"
    assert chosen(with_standing(by_second), with_standing(flat), quantity=Quantity(59, 0)) == "second"


def test_between_equal_costs_the_better_standing_wins() -> None:
    assert chosen(with_standing(offer("a"), failures=1), with_standing(offer("b"))) == "b"


def test_between_equal_standings_the_least_recently_used_offer_wins() -> None:
    used = {"a": NOW, "b": NOW - timedelta(seconds=1)}
    assert chosen(*(with_standing(offer(name), used_at=at) for name, at in used.items())) == "b"


def test_between_equals_the_lower_id_wins() -> None:
    assert chosen(with_standing(offer("b")), with_standing(offer("a"))) == "a"


def test_a_floor_is_met_by_what_the_buyer_pays_fee_included() -> None:
    assert chosen(with_standing(offer("a", 8000)), floor=Floor(20)) == "a"
    assert refused(with_standing(offer("a", 8000)), floor=Floor(20), fee_bps=1) == NoMatch(
        Shortfall.MINIMUM_DISCOUNT_NOT_MET, Money(24_003)
    )


def test_the_best_cost_is_named_when_no_offer_is_cheap_enough() -> None:
    result = refused(with_standing(offer("a", 9000)), with_standing(offer("b", 8000)), floor=Floor(30))
    assert result == NoMatch(Shortfall.MINIMUM_DISCOUNT_NOT_MET, Money(24_000))


def test_the_held_maximum_is_never_passed() -> None:
    result = refused(with_standing(offer("a", 7000)), ceiling=Money(20_999))
    assert result.shortfall is Shortfall.MINIMUM_DISCOUNT_NOT_MET


def test_each_reason_is_named() -> None:
    book = [
        with_standing(offer("inactive", status=OfferStatus.UNVERIFIED)),
        with_standing(offer("tried")),
        with_standing(offer("shut"), health=Health.SHUT),
        with_standing(offer("busy", max_concurrent=1), in_flight=1),
        with_standing(offer("capped", cap_daily=Money(30_000)), day="2026-05-01", spent=Money(9_001)),
        with_standing(offer("dear", 9000)),
        with_standing(offer("unpriced", terms=PerSecond(Money(1)))),
    ]
    want = demand(quantity=Quantity(None, 0), floor=Floor(30), tried=frozenset({"tried"}))
    reasons = {candidate.offer.id: candidate.reason for candidate in candidates(book, want, NOW)}
    assert set(reasons.values()) == {Ineligible.UNPRICED}
    reasons = {
        candidate.offer.id: candidate.reason
        for candidate in candidates(book[:-1], replace(want, quantity=Quantity(60, 0)), NOW)
    }
    assert reasons == {
        "inactive": Ineligible.INACTIVE,
        "tried": Ineligible.ALREADY_TRIED,
        "shut": Ineligible.UNHEALTHY,
        "busy": Ineligible.BUSY,
        "capped": Ineligible.CAP_REACHED,
        "dear": Ineligible.BELOW_MINIMUM_DISCOUNT,
    }


def test_spend_of_another_day_does_not_count_against_the_cap() -> None:
    capped = offer("capped", cap_daily=Money(30_000))
    assert chosen(with_standing(capped, day="2026-04-30", spent=Money(30_000))) == "capped"


def test_a_cap_can_be_used_to_the_last_micro() -> None:
    capped = offer("capped", cap_daily=Money(30_000))
    assert chosen(with_standing(capped, day="2026-05-01", spent=Money(9_000))) == "capped"


def test_a_job_waits_for_an_offer_that_is_only_paused() -> None:
    until = NOW + timedelta(seconds=40)
    result = refused(with_standing(offer("a"), health=Health.PAUSED, until=until))
    assert result == NoMatch(Shortfall.NO_HEALTHY_SELLERS, None, until)


def test_nobody_waits_for_an_offer_that_would_be_too_dear() -> None:
    paused = with_standing(offer("a", 9000), health=Health.PAUSED, until=NOW + timedelta(seconds=40))
    assert refused(paused, floor=Floor(50)).waits_until is None


def test_a_pause_that_is_over_counts_no_more() -> None:
    assert chosen(with_standing(offer("a"), health=Health.PAUSED, until=NOW)) == "a"


def test_an_empty_book_has_no_sellers() -> None:
    assert refused() == NoMatch(Shortfall.NO_HEALTHY_SELLERS, None)
