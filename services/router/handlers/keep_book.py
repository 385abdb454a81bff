"""Keep this process's order book as the market is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.router.domain.health import is_probe
from services.router.domain.waiting_room import CAPACITY
from services.router.handlers.news import standing_changed
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.market_events import OfferChanged, OfferStandingChanged
from shared.contracts.records.standing import standing_of
from shared.market.book import Entry
from shared.market.standings import Health, Standing

PROBERS: Final = 3
"""Who ask again when an offer may be probed: one of them does, and two are left for when that tells nothing."""


def take_standing(standing: Standing, routing: Routing) -> None:
    """Take a standing as it now is; whoever waits for an offer of its model that has opened asks again at once.

    Where only one may probe it, a few do, for the first may tell nothing of it.
    """
    at, before = routing.clock.now(), routing.book.standing(standing.offer_id)
    routing.book.put_standing(standing)
    now, offer = routing.book.standing(standing.offer_id), routing.book.find(standing.offer_id)
    if offer is not None and now.open_at(at) and not before.open_at(at):
        routing.waiting.hurry(offer.model, at, most=PROBERS if is_probe(now, at) else CAPACITY)


async def load_book(*, routing: Routing) -> Sequence[Event]:
    """Read every offer and standing; return what is to be said of offers that open again."""
    said: list[Event] = []
    for entry in await read_book(routing=routing):
        said += await _reopen(entry, routing)
    return said


async def read_book(*, routing: Routing) -> Sequence[Entry]:
    """Bring the book up to what is on record; return every offer that is."""
    known = routing.book.ids
    entries = await routing.offers.standing()
    routing.book.refresh(entries, await routing.standings.all(), known=known)
    return entries


async def read_offers_for(model_id: str, routing: Routing) -> None:
    """Take every offer for a model, and its standing, as they are now."""
    entries = await routing.offers.standing_for(model_id)
    for entry in entries:
        routing.book.put(entry)
    for standing in await routing.standings.of([entry.offer.id for entry in entries]):
        take_standing(standing, routing)


async def read_own(revisions: Mapping[str, int], routing: Routing) -> Sequence[Event]:
    """Take those of a buyer's providers of which a job tells sooner than the news: their order is the buyer's wish."""
    said: list[Event] = []
    for offer_id, revision in revisions.items():
        known = routing.book.entry(offer_id)
        if known is None or known.revision < revision:
            said += await _read(offer_id, routing)
    return said


async def hear_of_offer(changed: OfferChanged, *, routing: Routing) -> Sequence[Event]:
    """Take an offer as its seller has left it."""
    return await _read(changed.offer_id, routing)


async def hear_of_standing(changed: OfferStandingChanged, *, routing: Routing) -> Sequence[Event]:
    """Take a standing as another router has left it."""
    take_standing(standing_of(changed), routing)
    return ()


async def _read(offer_id: str, routing: Routing) -> Sequence[Event]:
    entry = await routing.offers.find(offer_id)
    if entry is None:
        return ()
    routing.book.put(entry)
    return await _reopen(entry, routing)


async def _reopen(entry: Entry, routing: Routing) -> Sequence[Event]:
    """Open an offer that its seller has changed since its key was refused."""
    if routing.book.standing(entry.offer.id).health is not Health.SHUT:
        return ()
    opened = await routing.standings.reopen(entry.offer.id, entry.revision)
    if opened is None:
        return ()
    take_standing(opened, routing)
    return (standing_changed(opened),)
