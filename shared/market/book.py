"""The order book: every offer that stands, by model, with its standing, as one process knows them.

Buyers' own providers are kept beside it, by buyer: no shelf shows them.

News may come late, twice or out of order, and a reading of everything may be older than
news that came meanwhile: a lower revision never replaces a higher one.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from shared.market.offers import Offer, OfferStatus
from shared.market.shelf import Pair, Shelf
from shared.market.standings import Standing


@dataclass(frozen=True, slots=True)
class Entry:
    """An offer at one of its revisions."""

    offer: Offer
    revision: int


class OrderBook:
    """Offers and standings, to be asked between two awaits."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._standings: dict[str, Standing] = {}
        self._shelves: dict[str, Shelf] = {}
        self._own: dict[str, set[str]] = {}

    @property
    def ids(self) -> Set[str]:
        """Every offer that was ever heard of since the last refresh, withdrawn ones included."""
        return frozenset(self._entries)

    def put(self, entry: Entry) -> None:
        """Take an offer as it now is; a withdrawn one stands no more."""
        known = self._entries.get(entry.offer.id)
        if known is not None and (known.revision > entry.revision or known == entry):
            return
        self._forget(entry.offer.id)
        self._entries[entry.offer.id] = entry
        self._place(entry.offer)

    def put_standing(self, standing: Standing) -> None:
        """Take a standing as it now is; the offer itself may be heard of later."""
        known = self._standings.get(standing.offer_id)
        if known is None or (known.revision <= standing.revision and known != standing):
            self._standings[standing.offer_id] = standing
            entry = self._entries.get(standing.offer_id)
            if entry is not None:
                self._place(entry.offer)

    def refresh(self, entries: Iterable[Entry], standings: Iterable[Standing], *, known: Set[str]) -> None:
        """Take a reading of everything.  ``known`` are the ``ids`` from before it was begun.

        An offer that was known and was not found is gone; one that came meanwhile stays.
        """
        found = set()
        for entry in entries:
            found.add(entry.offer.id)
            self.put(entry)
        for standing in standings:
            self.put_standing(standing)
        for offer_id in known - found:
            self._forget(offer_id)
            self._standings.pop(offer_id, None)

    def find(self, offer_id: str) -> Offer | None:
        """The offer of that id, withdrawn or not."""
        entry = self._entries.get(offer_id)
        return None if entry is None else entry.offer

    def entry(self, offer_id: str) -> Entry | None:
        """The same with its revision."""
        return self._entries.get(offer_id)

    def standing(self, offer_id: str) -> Standing:
        """How the offer is doing; one that was never used is healthy and idle."""
        return self._standings.get(offer_id) or Standing(offer_id)

    def shelf(self, model_id: str) -> Shelf:
        """Every offer for a model that is not withdrawn.  It is the book's own: read it, and let it go."""
        return self._shelves.get(model_id) or Shelf()

    def own(self, buyer_id: str) -> list[Pair]:
        """The buyer's own providers, with their standings."""
        return [(entry.offer, self.standing(entry.offer.id)) for entry in self.own_entries(buyer_id)]

    def own_entries(self, buyer_id: str) -> list[Entry]:
        """The same with their revisions."""
        return [self._entries[offer_id] for offer_id in self._own.get(buyer_id, ())]

    def _place(self, offer: Offer) -> None:
        if offer.status is OfferStatus.WITHDRAWN:
            return
        if offer.own is not None:
            self._own.setdefault(offer.seller_id, set()).add(offer.id)
        else:
            self._shelves.setdefault(offer.model, Shelf()).put(offer, self.standing(offer.id))

    def _forget(self, offer_id: str) -> None:
        entry = self._entries.pop(offer_id, None)
        if entry is None:
            return
        if (shelf := self._shelves.get(entry.offer.model)) is not None:
            shelf.take(offer_id)
        if (own := self._own.get(entry.offer.seller_id)) is not None:
            own.discard(offer_id)
            if not own:
                del self._own[entry.offer.seller_id]
