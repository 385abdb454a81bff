"""Offers that this process holds back from, because its own share of their key's rate limit is used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.market.standings import Health, Standing


class Resting:
    """Known to this process alone: another may have room left under the same key."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def rest(self, offer_id: str, until: datetime) -> None:
        """Send nothing there until then."""
        self._until[offer_id] = until

    def seen(self, standing: Standing, at: datetime) -> Standing:
        """The standing as it is for this process."""
        until = self._until.get(standing.offer_id)
        if until is None or not standing.open_at(at):
            return standing
        if until <= at:
            del self._until[standing.offer_id]
            return standing
        return replace(standing, health=Health.PAUSED, until=until)
