"""Standings in memory, for tests of what is built on them.  They pass the same suite as those in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from services.router.domain.health import PROBE_FOR, is_probe, reopened, untried
from services.router.domain.reservation import NotReserved, Reservation, Reserved, fits, spending
from shared.kernel.clock import Clock
from shared.kernel.money import Money
from shared.market.offers import Offer
from shared.market.standings import Health, Standing


@dataclass(slots=True)
class Kept:
    """A standing, what is reserved of it, and the offer's revision that its health was judged at."""

    standing: Standing
    reservations: dict[str, Reservation] = field(default_factory=dict)
    offer_revision: int = 0


class MemoryStandings:
    """See :class:`services.router.ports.Standings`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    def put(self, standing: Standing, offer_revision: int = 1) -> None:
        """Keep a standing as it now is, judged at that revision of its offer."""
        self._kept[standing.offer_id] = Kept(standing, offer_revision=offer_revision)

    async def all(self) -> Sequence[Standing]:
        return [kept.standing for kept in self._kept.values()]

    async def of(self, offer_ids: Sequence[str]) -> Sequence[Standing]:
        return [self._kept[offer_id].standing for offer_id in offer_ids if offer_id in self._kept]

    async def find(self, offer_id: str) -> Standing:
        kept = self._kept.get(offer_id)
        return Standing(offer_id) if kept is None else kept.standing

    async def reserve(self, offer: Offer, reservation: Reservation) -> Reserved | NotReserved:
        before = await self.find(offer.id)
        if not fits(before, offer, reservation.amount, reservation.at):
            return NotReserved(before)
        kept = self._kept.setdefault(offer.id, Kept(before))
        kept.reservations[reservation.id] = reservation
        self._put(
            kept,
            replace(
                spending(before, reservation),
                until=reservation.at + PROBE_FOR if is_probe(before, reservation.at) else before.until,
                in_flight=before.in_flight + 1,
                used_at=reservation.at,
            ),
        )
        return Reserved(kept.standing, probe=before.health is Health.PAUSED)

    async def settle(
        self, offer_id: str, reservation_id: str, counts: Money, *, probes_on: bool = False
    ) -> Standing | None:
        kept = self._kept.get(offer_id)
        reservation = None if kept is None else kept.reservations.pop(reservation_id, None)
        if kept is None or reservation is None:
            return None
        standing = kept.standing
        spent = standing.spent
        if standing.day == reservation.day:
            spent = Money(max(0, spent.micros + counts.micros - reservation.amount.micros))
        standing = standing if probes_on else untried(standing, reservation.at)
        return self._put(kept, replace(standing, in_flight=standing.in_flight - 1, spent=spent))

    async def change(self, before: Standing, after: Standing, *, offer_revision: int) -> Standing | None:
        kept = self._kept.get(before.offer_id)
        if kept is None:
            return None
        now = kept.standing
        if (now.health, now.failures, now.until) != (before.health, before.failures, before.until):
            return None
        kept.offer_revision = offer_revision
        changed = replace(now, health=after.health, reason=after.reason, until=after.until, failures=after.failures)
        return self._put(kept, changed)

    async def reopen(self, offer_id: str, offer_revision: int) -> Standing | None:
        kept = self._kept.get(offer_id)
        if kept is None or kept.standing.health is not Health.SHUT or kept.offer_revision >= offer_revision:
            return None
        return self._put(kept, reopened(kept.standing))

    async def reservations(self, older_than: timedelta) -> Sequence[Reservation]:
        before = self._clock.now() - older_than
        return [
            reservation
            for kept in self._kept.values()
            for reservation in kept.reservations.values()
            if reservation.at < before
        ]

    @staticmethod
    def _put(kept: Kept, standing: Standing) -> Standing:
        kept.standing = replace(standing, revision=standing.revision + 1)
        return kept.standing
