"""The offers for one model, kept in the order in which a job would take them.

Offers at the same terms stand at one level.  Levels priced in one way, by one number, are in the order of that
number for whatever is asked, so a choice prices a few levels instead of every offer; only lists of prices by
duration have no such order and are all priced.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from typing import Final, Self, TypeAlias

from shared.market.offers import Cost, Multiplier, Offer, Terms, priced
from shared.market.prices import PerGeneration, PerSecond, PerThousandCharacters, PriceSchedule, Quantity
from shared.market.standings import Standing

Pair: TypeAlias = tuple[Offer, Standing]
Rank: TypeAlias = tuple[int, datetime, str]
Ordered: TypeAlias = Multiplier | PerGeneration | PerSecond | PerThousandCharacters
"""Terms of one number, by which those of a kind are in order of cost whatever is asked."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def rank(standing: Standing) -> Rank:
    """The order between equal costs: the better standing, then the one used longest ago, then the lower id."""
    return (standing.failures, standing.used_at or _NEVER, standing.offer_id)


class Shelf:
    """Offers with their standings.  Changing one costs little; so does reading the cheapest."""

    def __init__(self) -> None:
        self._pairs: dict[str, Pair] = {}
        self._levels: dict[Terms, list[Rank]] = {}
        self._ladders: dict[type[Ordered], list[Ordered]] = {}
        self._others: set[Terms] = set()

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> Self:
        """A shelf with these offers."""
        shelf = cls()
        for offer, standing in pairs:
            shelf.put(offer, standing)
        return shelf

    def __iter__(self) -> Iterator[Pair]:
        """Every offer, in no particular order."""
        return iter(self._pairs.values())

    def put(self, offer: Offer, standing: Standing) -> None:
        """Take an offer as it now is and stands, in place of what was known of it."""
        self.take(offer.id)
        self._pairs[offer.id] = (offer, standing)
        level = self._levels.get(offer.terms)
        if level is None:
            level = self._levels[offer.terms] = []
            self._add(offer.terms)
        insort(level, rank(standing))

    def take(self, offer_id: str) -> None:
        """Take an offer away, if it is there."""
        pair = self._pairs.pop(offer_id, None)
        if pair is None:
            return
        offer, standing = pair
        level = self._levels[offer.terms]
        del level[bisect_left(level, rank(standing))]
        if not level:
            del self._levels[offer.terms]
            self._remove(offer.terms)

    def by_cost(
        self, listed: PriceSchedule | None, quantity: Quantity, fee_bps: int
    ) -> Iterator[tuple[Cost, Iterator[Pair]]]:
        """Every offer that has a price for ``quantity``, cheapest first; those of one cost by :func:`rank`.

        Lazy: who stops early has priced no more than was looked at.  Do not change the shelf meanwhile.
        """
        costs = merge(
            *(self._priced(ladder, listed, quantity, fee_bps) for ladder in self._ladders.values()),
            sorted(self._priced(self._others, listed, quantity, fee_bps), key=_buyer_cost),
            key=_buyer_cost,
        )
        for _, same in groupby(costs, key=_buyer_cost):
            levels = list(same)
            ranks = merge(*(self._levels[terms] for _, terms in levels))
            yield levels[0][0], (self._pairs[offer_id] for _, _, offer_id in ranks)

    def _add(self, terms: Terms) -> None:
        if isinstance(terms, Ordered):
            insort(self._ladders.setdefault(type(terms), []), terms, key=_height)
        else:
            self._others.add(terms)

    def _remove(self, terms: Terms) -> None:
        if isinstance(terms, Ordered):
            ladder = self._ladders[type(terms)]
            del ladder[bisect_left(ladder, _height(terms), key=_height)]
        else:
            self._others.remove(terms)

    @staticmethod
    def _priced(
        levels: Iterable[Terms], listed: PriceSchedule | None, quantity: Quantity, fee_bps: int
    ) -> Iterator[tuple[Cost, Terms]]:
        for terms in levels:
            cost = priced(terms, listed, quantity, fee_bps)
            if cost is not None:
                yield cost, terms


def _height(terms: Ordered) -> int:
    match terms:
        case Multiplier(bps):
            return bps
        case PerGeneration(price) | PerSecond(price) | PerThousandCharacters(price):
            return price.micros


def _buyer_cost(level: tuple[Cost, Terms]) -> int:
    return level[0].buyer.micros
