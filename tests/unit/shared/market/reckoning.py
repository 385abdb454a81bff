"""Whom a job goes to, reckoned a second time: whole numbers, offer after offer, nothing of the market's own code.

Instants are seconds from the moment of the choice, money is micros, a price is its wire form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Price: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One offer of a book with all that is known of it, or a buyer's own provider (``role``)."""

    id: str
    bps: int | None
    price: Price | None
    status: str = "active"
    health: str = "healthy"
    until: int | None = None
    failures: int = 0
    used_at: int | None = None
    in_flight: int = 0
    max_concurrent: int = 100
    cap: int | None = None
    spent: int = 0
    spent_today: bool = True
    role: str | None = None
    for_this_model: bool = True


@dataclass(frozen=True)
class Wish:
    """What one job asks: its size, and what its buyer will take."""

    listed: Price | None
    seconds: int | None
    characters: int
    fee_bps: int
    floor: int | None
    ceiling: int | None


def round_up(above: int, below: int) -> int:
    """A quotient, up to the next whole number."""
    whole, rest = divmod(above, below)
    return whole + (1 if rest else 0)


def thousandths(price: Price | None, wish: Wish) -> int | None:
    """What a schedule asks for the job, in thousandths of a micro; None where it does not say."""
    if price is None:
        return None
    if "generation" in price:
        return int(price["generation"]) * 1000
    if "per_thousand_characters" in price:
        return int(price["per_thousand_characters"]) * wish.characters
    if wish.seconds is None:
        return None
    if "per_second" in price:
        return int(price["per_second"]) * wish.seconds * 1000
    fitting = [tier for tier in price["durations"] if tier["max_seconds"] >= wish.seconds]
    return int(fitting[0]["usdc"]) * 1000 if fitting else None


def costs(line: Line, wish: Wish) -> tuple[int, int] | None:
    """What the seller gets and what the buyer pays."""
    if line.role is not None:
        listed = thousandths(wish.listed, wish)
        reference = 0 if listed is None else round_up(listed, 1000)
        return 0, round_up(reference * wish.fee_bps, 10_000)
    asked = thousandths(wish.listed if line.price is None else line.price, wish)
    if asked is None:
        return None
    seller = round_up(asked * (10_000 if line.bps is None else line.bps), 1000 * 10_000)
    return seller, seller + round_up(seller * wish.fee_bps, 10_000)


def open_now(line: Line) -> bool:
    """Whether the offer's health lets it be asked."""
    return line.health == "healthy" or (line.health == "paused" and line.until is not None and line.until <= 0)


def serves(line: Line, wish: Wish, tried: set[str]) -> bool:
    """Whether the seller can and will."""
    cost = costs(line, wish)
    if cost is None or line.status != "active" or line.id in tried or not line.for_this_model or not open_now(line):
        return False
    spent = line.spent if line.spent_today else 0
    return line.in_flight < line.max_concurrent and (line.cap is None or spent + cost[0] <= line.cap)


def suits(line: Line, wish: Wish) -> bool:
    """Whether the buyer takes it at that price: below the held maximum, and far enough below the list."""
    cost = costs(line, wish)
    if cost is None or (wish.ceiling is not None and cost[1] > wish.ceiling):
        return False
    if wish.floor is None or line.role is not None:
        return True
    listed = thousandths(wish.listed, wish)
    reference = 0 if listed is None else round_up(listed, 1000)
    # 1 - cost / reference >= floor / 100, without dividing.
    return reference > 0 and 100 * (reference - cost[1]) >= wish.floor * reference


def precedence(line: Line, wish: Wish) -> tuple[int, int, int, float, str]:
    """Smaller is asked sooner."""
    turn = {"priority": 0, None: 1, "fallback": 2}[line.role]
    cost = costs(line, wish)
    price = 0 if line.role is not None or cost is None else cost[1]
    return turn, price, line.failures, float("-inf") if line.used_at is None else line.used_at, line.id


def winner(book: list[Line], wish: Wish, tried: set[str]) -> Line | None:
    """Whose turn it is."""
    able = [line for line in book if serves(line, wish, tried) and suits(line, wish)]
    return min(able, key=lambda line: precedence(line, wish), default=None)


def shortfall(book: list[Line], wish: Wish, tried: set[str]) -> tuple[str, int | None]:
    """Why it is nobody's, and the least that a willing seller would have cost."""
    willing = [line for line in book if line.role is None and serves(line, wish, tried)]
    least = min((cost[1] for line in willing if (cost := costs(line, wish)) is not None), default=None)
    return ("no_healthy_sellers" if least is None else "minimum_discount_not_met"), least
