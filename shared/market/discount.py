"""Discounts against the list price, compared in integers: 74.998 % does not meet 75."""

from dataclasses import dataclass
from typing import Final

from shared.kernel.money import Money

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Floor:
    """The smallest discount a buyer takes, in whole percent from 0 to 100."""

    percent: int

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= _PERCENT:
            raise ValueError("a minimum discount is 0 to 100 percent")

    def met_by(self, cost: Money, reference: Money | None) -> bool:
        """Whether ``cost`` lies far enough below ``reference``.  An unknown or zero reference proves nothing."""
        if not reference:
            return False
        return cost.micros * _PERCENT <= reference.micros * (_PERCENT - self.percent)

    def most(self, reference: Money) -> Money:
        """The largest cost that still meets the floor."""
        return reference.scaled_down(_PERCENT - self.percent, _PERCENT)


def discount_percent(cost: Money, reference: Money | None) -> str | None:
    """The discount for people: percent with two decimals, cut, never rounded up.  Negative when dearer than list."""
    if not reference:
        return None
    hundredths = (reference.micros - cost.micros) * _PERCENT * 100 // reference.micros
    sign, magnitude = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{magnitude // 100}.{magnitude % 100:02d}"
