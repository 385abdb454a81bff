"""Write down what an attempt says about its offer, and say it where others must know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from services.router.domain.reservation import frees_room
from services.router.handlers.keep_book import take_standing
from services.router.handlers.news import standing_changed
from services.router.handlers.routing import Routing
from shared.contracts.market_events import OfferStandingChanged
from shared.contracts.records.attempt import AttemptRecord
from shared.kernel.money import Money
from shared.market.standings import Standing

Rule: TypeAlias = Callable[[Standing], Standing]
"""What something that happened makes of a standing; the same one where it tells nothing new."""

_ROUNDS: Final = 5
"""Whoever lost so often left the offer with newer news than his own."""


async def note_health(
    before: Standing, rule: Rule, *, revision: int, routing: Routing
) -> Sequence[OfferStandingChanged]:
    """Apply ``rule`` to the offer's standing, which was last seen as ``before``; return what is to be said.

    ``revision`` is the offer's revision that was dealt with.
    """
    for _ in range(_ROUNDS):
        after = rule(before)
        if after == before:
            return ()
        changed = await routing.standings.change(before, after, offer_revision=revision)
        if changed is not None:
            take_standing(changed, routing)
            return (standing_changed(changed),)
        before = await routing.standings.find(before.offer_id)
    return ()


async def settle(
    attempt: AttemptRecord, counts: Money, *, routing: Routing, probes_on: bool = False
) -> Sequence[OfferStandingChanged]:
    """End what the attempt reserved, if that was not done before.  ``counts`` stays against the daily cap.

    ``probes_on``: what the attempt told of its offer is written down right after, by whoever settles.
    It is said only where it may let somebody in: others learn of the rest when they next touch the offer.
    """
    known = routing.book.standing(attempt.offer_id)
    left = await routing.standings.settle(attempt.offer_id, attempt.reservation_id, counts, probes_on=probes_on)
    if left is None:
        return ()
    take_standing(left, routing)
    offer = routing.book.find(attempt.offer_id)
    if offer is None or not (frees_room(left, offer) or left.until != known.until):
        return ()
    return (standing_changed(left),)


def offer_revision(offer_id: str, routing: Routing) -> int:
    """The revision of the offer as this process knows it."""
    entry = routing.book.entry(offer_id)
    return 0 if entry is None else entry.revision
