"""Books by chance, the same for the same seed: few prices, so that many tie, and every reason to be passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from shared.kernel.money import Money
from shared.market.book import Entry, OrderBook
from shared.market.catalogue import shipped_catalogue
from shared.market.discount import Floor
from shared.market.models import Model
from shared.market.offers import FeeOnly, Multiplier, Offer, OfferStatus, Terms
from shared.market.own import Own, OwnRole
from shared.market.prices import Quantity, parse_schedule
from shared.market.selection import Demand
from shared.market.standings import Health, Standing
from tests.unit.shared.market.reckoning import Line, Price, Wish, costs

NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
BUYER: Final = "buyer"
MODEL: Final = shipped_catalogue()["venice-ace-step-15"]
ANOTHER: Final = "venice-stable-audio-25"
YESTERDAY: Final = timedelta(days=1)


def price(chance: Random, scale: int) -> Price:
    """A schedule of any of the four shapes, that asks about ``scale`` micros for a minute or a thousand characters."""
    amount = scale * chance.choice((0, 60, 70, 75, 100, 130)) // 100 + chance.randrange(3)
    return chance.choice(
        (
            {"generation": str(amount)},
            {"per_second": str(amount // 60)},
            {"per_thousand_characters": str(amount)},
            {"durations": [{"max_seconds": at, "usdc": str(amount + at)} for at in (30, 60, 120)]},
        )
    )


def wish(chance: Random) -> Wish:
    """A job, at the edges of what can be asked as often as not."""
    return Wish(
        listed=None if chance.random() < 0.1 else price(chance, 30_000),
        seconds=chance.choice((None, 1, 30, 31, 60, 61, 120, 121)),
        characters=chance.choice((1, 999, 1000, 1001, chance.randrange(1, 2000))),
        fee_bps=chance.choice((0, 0, 1, 250, 9_999)),
        floor=chance.choice((None, None, 0, 1, 25, 30, 75, 99, 100)),
        ceiling=None if chance.random() < 0.4 else chance.randrange(60_000),
    )


def book(chance: Random, wanted: Wish) -> list[Line]:
    """Up to thirty offers and a few providers of the buyer's own, each in some state or other."""
    own = [_line(chance, wanted, f"own-{n}") for n in range(chance.choice((0, 0, 1, 4)))]
    roles = [replace(line, bps=None, price=None, role=chance.choice(("priority", "fallback"))) for line in own]
    somewhere = [replace(line, for_this_model=chance.random() < 0.8) for line in roles]
    return [*somewhere, *(_line(chance, wanted, f"offer-{n}") for n in range(chance.randrange(31)))]


def _line(chance: Random, wanted: Wish, name: str) -> Line:
    bps = chance.choice((None, 1, 2_500, 6_000, 7_000, 7_000, 7_001, 10_000, 12_000))
    line = Line(
        id=name,
        bps=bps,
        price=price(chance, 30_000) if bps is None else None,
        status=chance.choice(("active",) * 8 + ("unverified", "withdrawn")),
        health=chance.choice(("healthy",) * 6 + ("paused", "paused", "shut")),
        until=chance.choice((-1, 0, 1, 40)),
        failures=chance.choice((0, 0, 0, 1, 2)),
        used_at=chance.choice((None, -1, -1, -60)),
        in_flight=chance.choice((0, 0, 1, 2)),
        max_concurrent=chance.choice((1, 2, 3, 100)),
        spent_today=chance.random() < 0.7,
    )
    cost = costs(line, wanted)
    if chance.random() < 0.6 or cost is None:
        return line
    spent = chance.randrange(50_000)
    return replace(line, spent=spent, cap=max(0, spent + cost[0] + chance.choice((-1, 0, 1))))


def offer_of(line: Line) -> Offer:
    """The line as the market knows an offer."""
    terms: Terms = FeeOnly()
    if line.role is None:
        terms = parse_schedule(line.price) if line.bps is None else Multiplier(line.bps)
    models = () if line.for_this_model else (ANOTHER,)
    return Offer(
        id=line.id,
        seller_id=f"seller-of-{line.id}" if line.role is None else BUYER,
        provider="venice",
        base_url=f"https://{line.id}.example/api/v1",
        model=MODEL.id,
        terms=terms,
        status=OfferStatus(line.status),
        key_id=f"key-of-{line.id}",
        cap_daily=None if line.cap is None else Money(line.cap),
        max_concurrent=line.max_concurrent,
        own=None if line.role is None else Own(OwnRole(line.role), models),
    )


def standing_of(line: Line) -> Standing:
    """The line as the market knows a standing."""
    day = NOW if line.spent_today else NOW - YESTERDAY
    return Standing(
        offer_id=line.id,
        health=Health(line.health),
        until=None if line.until is None else NOW + timedelta(seconds=line.until),
        failures=line.failures,
        in_flight=line.in_flight,
        day=f"{day:%Y-%m-%d}",
        spent=Money(line.spent),
        used_at=None if line.used_at is None else NOW + timedelta(seconds=line.used_at),
        revision=1,
    )


def order_book(lines: list[Line], chance: Random) -> OrderBook:
    """The same book as a process comes to know it: in any order, standings before offers too."""
    made, lines = OrderBook(), chance.sample(lines, len(lines))
    for line in lines[::2]:
        made.put_standing(standing_of(line))
    for line in lines:
        made.put(Entry(offer_of(line), 1))
    for line in lines:
        made.put_standing(standing_of(line))
    return made


def model_of(wanted: Wish) -> Model:
    """A model at that list price which takes anything."""
    return replace(MODEL, pricing=None if wanted.listed is None else parse_schedule(wanted.listed))


def demand_of(wanted: Wish, reference: Money | None, tried: set[str]) -> Demand:
    """The wish as the market knows a demand."""
    return Demand(
        model=model_of(wanted),
        quantity=Quantity(wanted.seconds, wanted.characters),
        reference=reference,
        floor=None if wanted.floor is None else Floor(wanted.floor),
        ceiling=None if wanted.ceiling is None else Money(wanted.ceiling),
        fee_bps=wanted.fee_bps,
        tried=frozenset(tried),
    )
