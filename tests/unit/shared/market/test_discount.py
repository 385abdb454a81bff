"""Discounts in integers."""

import pytest

from shared.kernel.money import Money
from shared.market.discount import Floor, discount_percent


@pytest.mark.parametrize(
    ("cost", "reference", "floor", "met"),
    [
        (25_000, 100_000, 75, True),
        (25_002, 100_000, 75, False),  # 74.998 %
        (100_000, 100_000, 0, True),
        (100_001, 100_000, 0, False),
        (0, 100_000, 100, True),
        (1, 100_000, 100, False),
        (2**60, 2**61, 50, True),
    ],
)
def test_a_floor_is_met_exactly_or_not_at_all(cost: int, reference: int, floor: int, met: bool) -> None:
    assert Floor(floor).met_by(Money(cost), Money(reference)) is met


@pytest.mark.parametrize("reference", [None, Money(0)])
def test_without_a_list_price_no_discount_is_proven(reference: Money | None) -> None:
    assert not Floor(0).met_by(Money(0), reference)
    assert discount_percent(Money(0), reference) is None


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_floor_is_a_percentage(percent: int) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        Floor(percent)


def test_the_most_that_meets_a_floor_meets_it_and_one_micro_more_does_not() -> None:
    floor, reference = Floor(33), Money(100_001)
    most = floor.most(reference)
    assert floor.met_by(most, reference)
    assert not floor.met_by(most + Money(1), reference)


@pytest.mark.parametrize(("cost", "shown"), [(25_002, "74.99"), (100_000, "0.00"), (0, "100.00"), (150_000, "-50.00")])
def test_people_see_a_discount_that_is_never_rounded_up(cost: int, shown: str) -> None:
    assert discount_percent(Money(cost), Money(100_000)) == shown
