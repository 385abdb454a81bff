"""Keep this process's order book in step with offers and standings."""

from __future__ import annotations

from collections.abc import Sequence

from services.api.ports import Offers, Standings
from shared.contracts.event import Event
from shared.contracts.market_events import OfferChanged, OfferStandingChanged
from shared.contracts.records.standing import standing_of
from shared.market.book import OrderBook


async def refresh_book(*, book: OrderBook, offers: Offers, standings: Standings) -> None:
    """Read everything, because broadcasts may have been missed."""
    known = book.ids
    book.refresh(await offers.entries(), await standings.all(), known=known)


async def hear_offer(changed: OfferChanged, *, book: OrderBook, offers: Offers) -> Sequence[Event]:
    """Read the offer that changed."""
    entry = await offers.entry(changed.offer_id)
    if entry is not None:
        book.put(entry)
    return ()


async def hear_standing(changed: OfferStandingChanged, *, book: OrderBook) -> Sequence[Event]:
    """Take the standing as it was said, whole."""
    book.put_standing(standing_of(changed))
    return ()
