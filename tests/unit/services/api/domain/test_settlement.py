"""What delivered audio costs: by the attempt's frozen terms, never above the hold, never under the floor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.domain.settlement import actual_cost, billed_quantity, release, settle
from shared.kernel.money import ZERO, Money
from shared.market.catalogue import shipped_catalogue
from shared.market.discount import Floor
from shared.market.offers import Cost, Multiplier, reference_cost
from shared.market.parameters import Parameters
from shared.market.prices import Quantity, parse_schedule
from tests.unit.services.api.samples import MODEL, attempt, job

CATALOGUE = shipped_catalogue()
ACE = CATALOGUE[MODEL]
EFFECTS = CATALOGUE["venice-elevenlabs-sound-effects-v2"]


@pytest.mark.parametrize(
    ("asked", "real", "billed"),
    [(60, 60.04, 60), (60, 59.5, 60), (60, 59.49, 59), (90, 61.2, 61), (None, 33.5, 34)],
)
def test_the_real_length_is_billed_to_the_nearest_second_and_never_more_than_asked_for(
    asked: int | None, real: float, billed: int
) -> None:
    ordered = job(parameters=Parameters(MODEL, "x", duration_seconds=asked))
    assert billed_quantity(ordered, ACE, timedelta(seconds=real)) == Quantity(billed, 1)


def test_the_cost_follows_the_terms_of_the_attempt() -> None:
    tried = attempt("j", terms=parse_schedule({"per_second": "300"}), cost=Cost(Money(18_000), ZERO))
    assert actual_cost(job(), tried, ACE, timedelta(seconds=50)) == Cost(Money(15_000), ZERO)


def test_the_fee_is_the_jobs_own_whatever_the_market_asks_now() -> None:
    cost = actual_cost(job(fee_bps=500), attempt("j"), ACE, timedelta(seconds=60))
    assert cost == Cost(Money(21_000), Money(1_050))


def test_a_cost_above_the_maximum_is_cut_and_the_fee_gives_way_first() -> None:
    dear = attempt("j", terms=Multiplier(7_500))
    assert actual_cost(job(fee_bps=500), dear, ACE, timedelta(seconds=60)) == Cost(Money(22_500), Money(600))
    dearer = attempt("j", terms=Multiplier(9_000))
    assert actual_cost(job(fee_bps=500), dearer, ACE, timedelta(seconds=60)) == Cost(Money(23_100), ZERO)


def test_where_the_price_cannot_be_told_any_more_the_attempts_own_estimate_is_paid() -> None:
    short = attempt(
        "j", terms=parse_schedule({"durations": [{"max_seconds": 30, "usdc": "9"}]}), cost=Cost(Money(7), ZERO)
    )
    assert actual_cost(job(), short, ACE, timedelta(seconds=60)) == Cost(Money(7), ZERO)


def test_of_a_model_that_left_the_catalogue_the_attempts_own_estimate_is_paid() -> None:
    assert actual_cost(job(), attempt("j"), None, timedelta(seconds=9)) == Cost(Money(21_000), ZERO)
    assert actual_cost(job(max_cost=Money(5)), attempt("j"), None, timedelta(seconds=9)) == Cost(Money(5), ZERO)


@given(
    bps=st.integers(1, 12_000),
    fee=st.integers(0, 2_000),
    percent=st.integers(0, 100),
    real=st.floats(0.1, 400),
    held=st.integers(0, 100_000),
)
def test_no_capture_exceeds_the_maximum_or_misses_the_floor(
    bps: int, fee: int, percent: int, real: float, held: int
) -> None:
    asked = Parameters(EFFECTS.id, "x", duration_seconds=15)
    ordered = job(parameters=asked, minimum_discount=percent, max_cost=Money(held), fee_bps=fee)
    tried = attempt("j", terms=Multiplier(bps), cost=Cost(Money(held), ZERO))
    cost = actual_cost(ordered, tried, EFFECTS, timedelta(seconds=real))
    reference = reference_cost(EFFECTS.pricing, billed_quantity(ordered, EFFECTS, timedelta(seconds=real)))
    assert cost.buyer <= ordered.max_cost
    assert reference is not None
    assert not reference or Floor(percent).met_by(cost.buyer, reference)
    settlement = settle(ordered.max_cost, cost, "s1")
    assert settlement.captured + settlement.released == ordered.max_cost


def test_a_release_gives_everything_back() -> None:
    settlement = release(Money(5))
    assert (settlement.captured, settlement.released) == (ZERO, Money(5))
