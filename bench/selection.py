"""Choosing an offer: the time it takes among ten thousand, and what a hundred thousand weigh in memory."""

from __future__ import annotations

import gc
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Final

from bench.figures import Figure, compared
from bench.processes import resident_bytes
from bench.progress import Say
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.market.book import Entry, OrderBook
from shared.market.catalogue import shipped_catalogue
from shared.market.discount import Floor
from shared.market.models import Model
from shared.market.offers import Multiplier, Offer, OfferStatus, Terms, reference_cost
from shared.market.prices import PerGeneration, Quantity
from shared.market.selection import Demand, Match, select
from shared.market.standings import Health, Standing

PART: Final = "selection"
OFFERS: Final = 10_000
BOOK: Final = 100_000
CHOICES: Final = 21
PAUSED_ONE_IN: Final = 10
AT: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
MODEL: Final = "venice-ace-step-15"


def measure(say: Say) -> Iterator[Figure]:
    """The figures of choosing and of the book.  Needs no server."""
    say(f"choosing among {OFFERS:,} offers of one model")
    yield from _choices(shipped_catalogue()[MODEL])
    say(f"a book of {BOOK:,} offers")
    gc.collect()
    before = resident_bytes(os.getpid())
    book = _book(BOOK, random.Random(2), _multiplied)
    gc.collect()
    taken = resident_bytes(os.getpid()) - before
    yield Figure(PART, f"memory of {BOOK:,} offers and standings", taken / 2**20, "MiB")
    yield Figure(PART, "memory of an offer with its standing", taken / BOOK, "bytes")
    yield Figure(PART, "refresh of that book with what it knows", _refreshed(book) * 1000, "ms")


def _choices(model: Model) -> Iterator[Figure]:
    """A choice, beside a bare minimum over as many prices; measured in turn."""
    prices = random.Random(3).sample(range(10 * OFFERS), OFFERS)
    books = {
        "multipliers": _book(OFFERS, random.Random(1), _multiplied),
        "prices of their own": _book(OFFERS, random.Random(1), _priced),
    }
    plain: list[float] = []
    taken: dict[str, list[float]] = {name: [] for name in books}
    for number in range(CHOICES):
        demand = _demand(model, seconds=60 + number)
        plain.append(_seconds_of(lambda: min(prices)))
        for name, book in books.items():
            taken[name].append(_seconds_of(partial(_choose, book, demand)))
    bare = median(plain) * 1000
    for name, seconds in taken.items():
        what = f"a choice among {OFFERS:,} offers, {name}"
        yield compared(PART, what, median(seconds) * 1000, "ms", floor=bare, against="a bare minimum")


def _choose(book: OrderBook, demand: Demand) -> None:
    assert isinstance(select(book.shelf(demand.model.id), demand, AT), Match)


def _refreshed(book: OrderBook) -> float:
    """Seconds in which the book takes a reading of everything that changes nothing."""
    known = book.ids
    entries = [entry for offer_id in known if (entry := book.entry(offer_id)) is not None]
    read = [replace(entry, offer=replace(entry.offer)) for entry in entries]
    standings = [replace(book.standing(offer_id)) for offer_id in known]
    return _seconds_of(lambda: book.refresh(read, standings, known=known))


def _seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _multiplied(dice: random.Random) -> Terms:
    return Multiplier(dice.randrange(5_000, 10_000))


def _priced(dice: random.Random) -> Terms:
    return PerGeneration(Money(dice.randrange(10_000, 30_000)))


def _demand(model: Model, *, seconds: int) -> Demand:
    quantity = Quantity(seconds, 200)
    reference = reference_cost(model.pricing, quantity)
    assert reference is not None
    return Demand(model, quantity, reference, Floor(20), reference, 0)


def _book(offers: int, dice: random.Random, terms: Callable[[random.Random], Terms]) -> OrderBook:
    """Offers at many prices, one in ten of them paused, each with a standing."""
    book = OrderBook()
    for _ in range(offers):
        offer = Offer(
            id=new_id(),
            seller_id=new_id(),
            provider=_read("venice"),
            base_url=_read("https://api.venice.ai/api/v1"),
            model=_read(MODEL),
            terms=terms(dice),
            status=OfferStatus.ACTIVE,
            key_id=new_id(),
            cap_daily=Money(50_000_000),
            max_concurrent=100,
        )
        paused = dice.randrange(PAUSED_ONE_IN) == 0
        book.put(Entry(offer, revision=1))
        book.put_standing(
            Standing(
                offer.id,
                health=Health.PAUSED if paused else Health.HEALTHY,
                until=AT + timedelta(minutes=1) if paused else None,
                in_flight=dice.randrange(10),
                used_at=AT - timedelta(seconds=dice.randrange(10_000)),
                day=_read("2026-01-31"),
                spent=Money(dice.randrange(1_000_000)),
                revision=1,
            )
        )
    return book


def _read(text: str) -> str:
    """The text as a string of its own, as it comes out of a document."""
    return str(text.encode(), "ascii")
