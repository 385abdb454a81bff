"""Schedules of all four shapes, exactly."""

from fractions import Fraction
from typing import Any

import pytest

from shared.kernel.money import Money
from shared.market.prices import PriceError, Quantity, charge, parse_schedule, rounded_up, schedule_data

TIERS = {"durations": [{"max_seconds": 60, "usdc": "30000"}, {"max_seconds": 90, "usdc": "40000"}]}


@pytest.mark.parametrize(
    ("schedule", "seconds", "characters", "cost"),
    [
        ({"generation": "180000"}, None, 7, 180_000),
        ({"per_second": "2300"}, 7, 0, 16_100),
        ({"per_second": "2300"}, None, 0, None),
        ({"per_thousand_characters": "115000"}, None, 1, 115),
        ({"per_thousand_characters": "1"}, None, 1, Fraction(1, 1000)),
        (TIERS, 60, 0, 30_000),
        (TIERS, 61, 0, 40_000),
        (TIERS, 90, 0, 40_000),
        (TIERS, 91, 0, None),
        (TIERS, None, 0, None),
    ],
)
def test_a_schedule_charges(schedule: Any, seconds: int | None, characters: int, cost: Any) -> None:
    assert charge(parse_schedule(schedule), Quantity(seconds, characters)) == cost


def test_rounding_happens_once_and_upwards() -> None:
    assert rounded_up(Fraction(1, 1000)) == Money(1)
    assert rounded_up(Fraction(30_000), 7_001) == Money(21_003)
    assert rounded_up(Fraction(1001, 1000), 5_000) == Money(1)
    assert rounded_up(Fraction(0)) == Money(0)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"generation": 1},
        {"generation": "-1"},
        {"generation": "1", "per_second": "1"},
        {"per_minute": "1"},
        {"durations": []},
        {"durations": [{"max_seconds": 60}]},
        {"durations": [{"max_seconds": True, "usdc": "1"}]},
        {"durations": [{"max_seconds": 60, "usdc": "1"}, {"max_seconds": 60, "usdc": "2"}]},
    ],
)
def test_what_is_no_schedule_is_refused_in_words(wrong: Any) -> None:
    with pytest.raises(PriceError, match=r"\w"):
        parse_schedule(wrong)


@pytest.mark.parametrize("data", [{"generation": "1"}, {"per_second": "2"}, {"per_thousand_characters": "3"}, TIERS])
def test_a_schedule_reads_back_as_it_was_written(data: Any) -> None:
    assert schedule_data(parse_schedule(data)) == data
