"""Amounts are whole micros that mix with nothing else."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import LARGEST_MICROS, ZERO, Money, MoneyError

amounts = st.integers(0, 2**40).map(Money)


@pytest.mark.parametrize("wrong", [-1, 1.0, True, "1", None, Decimal(1), LARGEST_MICROS + 1])
def test_what_is_no_amount_is_refused(wrong: Any) -> None:
    with pytest.raises(MoneyError):
        Money(wrong)


@pytest.mark.parametrize("wrong", ["", "-1", "+1", "1.0", " 1", "1 ", "1e3", "٣", "0x1", "9" * 20, "05", "00", "1\n"])
def test_text_that_is_not_plain_digits_is_refused(wrong: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(wrong)


@pytest.mark.parametrize("other", [1, 1.0, "1", None])
def test_amounts_do_not_mix_with_anything_else(other: Any) -> None:
    with pytest.raises(TypeError):
        Money(1) + other
    with pytest.raises(TypeError):
        Money(1) - other
    with pytest.raises(TypeError):
        _ = Money(1) < other


def test_going_below_zero_is_an_error() -> None:
    with pytest.raises(MoneyError):
        Money(1) - Money(2)


def test_overflow_is_an_error() -> None:
    with pytest.raises(MoneyError):
        Money(LARGEST_MICROS) + Money(1)


@given(amounts)
def test_an_amount_reads_back_as_it_was_written(amount: Money) -> None:
    assert Money.parse(str(amount)) == amount


@given(amounts, st.integers(0, 20_000))
def test_a_share_is_rounded_up_by_less_than_one_micro(amount: Money, bps: int) -> None:
    share = amount.share(bps).micros
    assert amount.micros * bps <= share * 10_000 < amount.micros * bps + 10_000


@pytest.mark.parametrize(
    ("micros", "shown"), [(0, "$0.00"), (30_000, "$0.03"), (1_234_567, "$1.234567"), (21_000_000, "$21.00")]
)
def test_people_see_dollars(micros: int, shown: str) -> None:
    assert Money(micros).usd() == shown


def test_only_nothing_is_false() -> None:
    assert not ZERO
    assert Money(1)
