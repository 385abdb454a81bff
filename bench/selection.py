"""Choosing an offer: the time it takes among ten thousand, and what a hundred thousand weigh in memory."""

from __future__ import annotations

import gc
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
from shared.market.offers import Multiplier, Offer, OfferStatus, reference_cost
from shared.market.prices import Quantity
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
    """The figures of choosing.  Needs no server."""
    say(f"choosing among {OFFERS:,} offers of one model")
    model = shipped_catalogue()[MODEL]
    book = _book(OFFERS, random.Random(1))
    plain, choosing = _timed(book, model)
    yield compared(PART, f"one choice among {OFFERS:,} offers", choosing, "ms", floor=plain, against="a bare minimum")
    say(f"a book of {BOOK:,} offers")
    gc.collect()
    before = resident_bytes(os.getpid())
    large = _book(BOOK, random.Random(2))
    gc.collect()
    taken = resident_bytes(os.getpid()) - before
    yield Figure(PART, f"memory of {len(large.ids):,} offers and standings", taken / 2**20, "MiB")
    yield Figure(PART, "an offer with its standing", taken / BOOK, "bytes")


def _timed(book: OrderBook, model: Model) -> tuple[float, float]:
    """Milliseconds of a bare minimum over as many prices, and of a choice; taken in turn."""
    prices = random.Random(3).sample(range(10 * OFFERS), OFFERS)
    plain, choosing = [], []
    for number in range(CHOICES):
        began = time.perf_counter()
        min(prices)
        plain.append(time.perf_counter() - began)
        demand = _demand(model, seconds=60 + number)
        began = time.perf_counter()
        chosen = select(book.shelf(model.id), demand, AT)
        choosing.append(time.perf_counter() - began)
        assert isinstance(chosen, Match)
    return median(plain) * 1000, median(choosing) * 1000


def _demand(model: Model, *, seconds: int) -> Demand:
    quantity = Quantity(seconds, 200)
    reference = reference_cost(model.pricing, quantity)
    assert reference is not None
    return Demand(model, quantity, reference, Floor(20), reference, 0)


def _book(offers: int, dice: random.Random) -> OrderBook:
    """Offers at all prices, one in ten of them paused, each with a standing."""
    book = OrderBook()
    for _ in range(offers):
        offer = Offer(
            id=new_id(),
            seller_id=new_id(),
            provider=_read("venice"),
            base_url=_read("https://api.venice.ai/api/v1"),
            model=_read(MODEL),
            terms=Multiplier(dice.randrange(5_000, 10_000)),
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
