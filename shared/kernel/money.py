"""Amounts of USDC in whole micros.  An amount is never negative, never a float, never a bare int."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

BASIS_POINTS: Final = 10_000
LARGEST_MICROS: Final = 2**63 - 1
"""What an int64 in the database holds."""


_DIGITS: Final = re.compile("0|[1-9][0-9]{0,18}")


class MoneyError(ValueError):
    """An amount that cannot be: negative, too large, or not a whole number of micros."""


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """``micros`` millionths of a USDC, from 0 to the largest int64."""

    micros: int

    def __post_init__(self) -> None:
        if type(self.micros) is not int:
            raise MoneyError(f"an amount is a whole number of micros, not {type(self.micros).__name__}")
        if not 0 <= self.micros <= LARGEST_MICROS:
            raise MoneyError("an amount is never negative and fits into 64 bits")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read the wire form: decimal digits of whole micros, ``"30000"`` being three cents."""
        if not _DIGITS.fullmatch(text):
            raise MoneyError('an amount is a string of digits in micro-USDC, such as "30000"')
        return cls(int(text))

    def __str__(self) -> str:
        return str(self.micros)

    def __bool__(self) -> bool:
        return self.micros > 0

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.micros + other.micros)

    def __sub__(self, other: Money) -> Money:
        """Raise :class:`MoneyError` rather than go below zero."""
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.micros - other.micros)

    def scaled_up(self, numerator: int, denominator: int) -> Money:
        """``self × numerator / denominator``, rounded up to the next micro."""
        return Money(-(-self.micros * numerator // denominator))

    def scaled_down(self, numerator: int, denominator: int) -> Money:
        """``self × numerator / denominator``, rounded down to the micro."""
        return Money(self.micros * numerator // denominator)

    def share(self, basis_points: int) -> Money:
        """That many ten-thousandths of the amount, rounded up."""
        return self.scaled_up(basis_points, BASIS_POINTS)

    def usd(self) -> str:
        """For people: dollars with six decimals, trailing zeros beyond cents dropped."""
        whole, micros = divmod(self.micros, 1_000_000)
        decimals = f"{micros:06d}".rstrip("0").ljust(2, "0")
        return f"${whole}.{decimals}"


ZERO: Final = Money(0)
