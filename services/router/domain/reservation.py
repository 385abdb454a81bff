"""A reservation: what one attempt holds of its offer's concurrency and daily cap until it closes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.router.domain.closing import counted
from shared.contracts.records.attempt import OPEN, AttemptRecord
from shared.kernel.money import ZERO, Money
from shared.market.offers import Offer
from shared.market.standings import Standing, utc_day

_TOKEN: Final = 8
"""Characters: enough for the few that ever reserve for one attempt, in a document that holds many."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """``amount`` of seller cost on the UTC day of ``at``, and one place in flight."""

    id: str
    """``<attempt>:<token>``: two routers that reserve for one attempt do so apart."""
    offer_id: str
    amount: Money
    at: datetime

    @property
    def attempt_id(self) -> str:
        """The attempt that it was taken for."""
        return self.id.rpartition(":")[0]

    @property
    def day(self) -> str:
        """The UTC day against whose cap it counts."""
        return utc_day(self.at)


def reserve(offer_id: str, attempt_id: str, token: str, *, amount: Money, at: datetime) -> Reservation:
    """A reservation under the first characters of a random ``token``."""
    return Reservation(f"{attempt_id}:{token[:_TOKEN]}", offer_id, amount, at)


@dataclass(frozen=True, slots=True)
class Reserved:
    """It is taken; the standing as it is now.  ``probe``: the offer was paused, and this job tries it out."""

    standing: Standing
    probe: bool

    @property
    def sent_under(self) -> datetime | None:
        """The end of the pause that the job is sent under, or of its own hold; None when there is no pause."""
        return self.standing.until if self.probe else None


@dataclass(frozen=True, slots=True)
class NotReserved:
    """Others were quicker, or the offer stands differently than was thought: as here."""

    standing: Standing


def fits(standing: Standing, offer: Offer, amount: Money, at: datetime) -> bool:
    """Whether the offer may take one more job of that cost.

    A cap of which a later day is counted already says nothing of this one: ask again with a later ``at``.
    """
    if not standing.open_at(at) or standing.in_flight >= offer.max_concurrent:
        return False
    if offer.cap_daily is None:
        return True
    return standing.day <= utc_day(at) and standing.spent_on(at) + amount <= offer.cap_daily


def spending(standing: Standing, reservation: Reservation) -> Standing:
    """The standing with the amount on its day.  A day that is over for others is not begun again: it counts no more."""
    if standing.day > reservation.day:
        return standing
    return replace(standing, day=reservation.day, spent=standing.spent_on(reservation.at) + reservation.amount)


def frees_room(standing: Standing, offer: Offer) -> bool:
    """Whether a settled reservation, of which ``standing`` was left, may let in who thought the offer full."""
    return offer.cap_daily is not None or standing.in_flight + 1 >= offer.max_concurrent


def left_over(reservation: Reservation, attempt: AttemptRecord | None) -> Money | None:
    """What a reservation counts that nobody ended; None while its attempt is open.

    One that its attempt does not know was taken by a router that died, or lost the number, right after.
    """
    if attempt is None or attempt.reservation_id != reservation.id:
        return ZERO
    return None if attempt.state in OPEN else counted(attempt)
