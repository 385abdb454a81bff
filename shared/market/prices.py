"""Price schedules: what a provider charges, by generation, by length, or by what it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, TypeAlias

from shared.kernel.money import BASIS_POINTS, Money, MoneyError

_MOST_TIERS: Final = 100
_MOST_SECONDS: Final = 1_000_000


class PriceError(ValueError):
    """A price schedule that cannot be read; the message says which part."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is paid for: seconds of audio (None when nobody can tell yet) and spoken characters."""

    seconds: int | None
    characters: int


@dataclass(frozen=True, slots=True)
class PerGeneration:
    """One price, whatever comes out."""

    generation: Money


@dataclass(frozen=True, slots=True)
class Tier:
    """``usdc`` for everything up to and including ``max_seconds``."""

    max_seconds: int
    usdc: Money


@dataclass(frozen=True, slots=True)
class PerDuration:
    """The price of the first tier that is long enough; none is known beyond the last."""

    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class PerSecond:
    """A price for each second."""

    per_second: Money


@dataclass(frozen=True, slots=True)
class PerThousandCharacters:
    """A price for a thousand spoken characters."""

    per_thousand_characters: Money


PriceSchedule: TypeAlias = PerGeneration | PerDuration | PerSecond | PerThousandCharacters


def charge(schedule: PriceSchedule, quantity: Quantity) -> Fraction | None:
    """Micro-USDC for ``quantity``, exact and not yet rounded; None when the schedule does not say."""
    match schedule:
        case PerGeneration(price):
            return Fraction(price.micros)
        case PerThousandCharacters(price):
            return Fraction(price.micros * quantity.characters, 1000)
        case PerSecond(price):
            return None if quantity.seconds is None else Fraction(price.micros * quantity.seconds)
        case PerDuration(tiers):
            return _tier_charge(tiers, quantity.seconds)


def _tier_charge(tiers: tuple[Tier, ...], seconds: int | None) -> Fraction | None:
    if seconds is None:
        return None
    return next((Fraction(tier.usdc.micros) for tier in tiers if seconds <= tier.max_seconds), None)


def rounded_up(charge: Fraction, multiplier_bps: int = BASIS_POINTS) -> Money:
    """The charge times so many ten-thousandths, rounded up once, to the next micro."""
    return Money(-(-charge.numerator * multiplier_bps // (charge.denominator * BASIS_POINTS)))


def parse_schedule(data: object) -> PriceSchedule:
    """Read one of the four wire forms; :class:`PriceError` names what is wrong."""
    if not isinstance(data, Mapping) or len(data) != 1:
        raise PriceError("a price is one of: generation, durations, per_second, per_thousand_characters")
    ((shape, value),) = data.items()
    match shape:
        case "generation":
            return PerGeneration(_amount(value, shape))
        case "per_second":
            return PerSecond(_amount(value, shape))
        case "per_thousand_characters":
            return PerThousandCharacters(_amount(value, shape))
        case "durations":
            return PerDuration(_tiers(value))
        case _:
            raise PriceError(
                f"{shape!r} is no way to price: generation, durations, per_second, per_thousand_characters"
            )


def _amount(value: object, where: str) -> Money:
    if not isinstance(value, str):
        raise PriceError(f'{where} is a string of micro-USDC, such as "30000"')
    try:
        return Money.parse(value)
    except MoneyError as error:
        raise PriceError(f"{where}: {error}") from None


def _tiers(value: object) -> tuple[Tier, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= _MOST_TIERS:
        raise PriceError(f"durations is a list of 1 to {_MOST_TIERS} tiers")
    tiers = tuple(_tier(item) for item in value)
    if any(later.max_seconds <= earlier.max_seconds for earlier, later in pairwise(tiers)):
        raise PriceError("durations: each max_seconds is larger than the one before")
    return tiers


def _tier(item: object) -> Tier:
    if not isinstance(item, Mapping) or set(item) != {"max_seconds", "usdc"}:
        raise PriceError("durations: a tier has max_seconds and usdc, nothing else")
    seconds = item["max_seconds"]
    if type(seconds) is not int or not 0 < seconds < _MOST_SECONDS:
        raise PriceError("durations: max_seconds is a positive whole number")
    return Tier(seconds, _amount(item["usdc"], "usdc"))


def schedule_data(schedule: PriceSchedule) -> dict[str, Any]:
    """The wire form, as :func:`parse_schedule` reads it."""
    match schedule:
        case PerGeneration(price):
            return {"generation": str(price)}
        case PerSecond(price):
            return {"per_second": str(price)}
        case PerThousandCharacters(price):
            return {"per_thousand_characters": str(price)}
        case PerDuration(tiers):
            return {"durations": [{"max_seconds": tier.max_seconds, "usdc": str(tier.usdc)} for tier in tiers]}
