"""What one process holds back from by itself, because it alone knows: another may be better off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.market.standings import Health, Standing

SLOW: Final = timedelta(seconds=5)
"""A submit that takes longer is waited for no less, but hints at many more to wait for."""
MOST_SLOW: Final = 20
"""With so many slow submits under way an offer gets no more: one provider must not hold every message here."""

MOST_UNANSWERED: Final = 100
"""However quick an offer is otherwise, it has no more submits than that to answer: whether it does, time will tell.

As many as an offer runs at once unless its seller wishes otherwise: fewer would send a burst to a dearer one.
"""

_FULL: Final = 2**31


class Restraint:
    """Offers whose key's rate limit is used up here, and offers that are slow to answer here."""

    def __init__(self) -> None:
        self._rests_until: dict[str, datetime] = {}
        self._submits: dict[str, list[datetime]] = {}

    def rest(self, offer_id: str, until: datetime) -> None:
        """Send nothing there until then."""
        self._rests_until[offer_id] = until

    @contextmanager
    def submitting(self, offer_id: str, at: datetime) -> Iterator[None]:
        """A submit that begins at that instant and is under way until the block ends."""
        begun = self._submits.setdefault(offer_id, [])
        begun.append(at)
        try:
            yield
        finally:
            begun.remove(at)
            if not begun:
                self._submits.pop(offer_id, None)

    def seen(self, standing: Standing, at: datetime) -> Standing:
        """The standing as it is for this process."""
        if not standing.open_at(at):
            return standing
        until = self._rests_until.get(standing.offer_id)
        if until is not None and until > at:
            return replace(standing, health=Health.PAUSED, until=until)
        self._rests_until.pop(standing.offer_id, None)
        slow = sum(at - begun > SLOW for begun in self._submits.get(standing.offer_id, ()))
        full = slow >= MOST_SLOW or self.crowded(standing.offer_id)
        return replace(standing, in_flight=_FULL) if full else standing

    def crowded(self, offer_id: str) -> bool:
        """Whether the offer has so many submits to answer that the next one must wait until one is answered."""
        return len(self._submits.get(offer_id, ())) >= MOST_UNANSWERED
