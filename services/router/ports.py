"""What routing needs from the world.  What must be exact about ages is told by the database's clock."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

from services.router.domain.closing import Closing
from services.router.domain.reservation import NotReserved, Reservation, Reserved
from shared.contracts.addressed import Addressed
from shared.contracts.event import Event
from shared.contracts.records.artifact import ArtifactRecord
from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.job import JobRecord
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.book import Entry
from shared.market.offers import Offer
from shared.market.standings import Standing

INTENT_LIVES: Final = timedelta(seconds=90)
"""A younger intent belongs to a live router: a submit takes at most 60 s, storing its answer 30 s more."""


class Saved(Enum):
    """What became of the provider's id for an accepted job."""

    STORED = "stored"
    SUPERSEDED = "superseded"
    """Somebody else closed the attempt meanwhile; the id is on its record, and nothing more."""
    TAKEN = "taken"
    """The same provider gave the same id to another job."""


class Attempts(Protocol):
    """Every attempt there ever was, each moved only by compare-and-set."""

    async def of_job(self, job_id: str) -> Sequence[AttemptRecord]:
        """The attempts of a job, in order of their numbers."""
        ...

    async def intend(self, attempt: AttemptRecord) -> AttemptRecord | None:
        """Store an intent, dated by the database; None when the number is taken."""
        ...

    async def drop(self, attempt: AttemptRecord) -> bool:
        """Forget an intent under which nothing was sent; False when it is an intent no more."""
        ...

    async def submitted(self, attempt: AttemptRecord, provider_job_id: str, routed_at: datetime) -> Saved:
        """Store the provider's id with the move to submitted, trying for 30 s when the database is in trouble."""
        ...

    async def close(self, attempt: AttemptRecord, closing: Closing) -> bool:
        """Close an attempt, trying for 30 s when the database is in trouble.

        False when it was not in a state from which that can happen.
        """
        ...

    async def abandon(self, attempt: AttemptRecord) -> bool:
        """Make an intent unknown whose router must be gone; False when it is too young, or an intent no more."""
        ...

    async def seen(self, job_id: str, number: int) -> bool:
        """Note a sign of life of a submitted attempt; False when it is not submitted."""
        ...

    async def holder_of(self, seller_id: str, provider_job_id: str) -> AttemptRecord | None:
        """The attempt that holds this id of a provider."""
        ...

    async def ended(self, job_id: str) -> None:
        """Note that the job has ended, so that no sweep looks at its attempts again."""
        ...

    async def with_ids(self, attempt_ids: Sequence[str]) -> Mapping[str, AttemptRecord]:
        """Those of these attempts that there are, by id."""
        ...


class Leftovers(Protocol):
    """What the sweeps look for among the attempts.  Approximate: whoever acts on it looks again."""

    async def stale_intents(self, most: int) -> Sequence[str]:
        """Jobs with an intent whose router must be gone."""
        ...

    async def undecided(
        self, older_than: timedelta, most: int, *, without: Container[str] = frozenset()
    ) -> Sequence[str]:
        """Jobs not known to have ended, with an attempt that closed longer ago than that and no later one at work.

        At most so many besides those ``without``.
        """
        ...

    async def overdue(self, by: timedelta, most: int) -> Sequence[str]:
        """Jobs not known to have ended whose deadline passed longer ago than that."""
        ...

    async def claim_unwatched(self, silent_for: timedelta) -> AttemptRecord | None:
        """One submitted attempt before its deadline without a sign of life for so long; not given out again soon."""
        ...


class Standings(Protocol):
    """How every offer stands, moved only by conditional updates."""

    async def all(self) -> Sequence[Standing]:
        """Every standing there is."""
        ...

    async def of(self, offer_ids: Sequence[str]) -> Sequence[Standing]:
        """The standings of those of the offers that were ever used."""
        ...

    async def find(self, offer_id: str) -> Standing:
        """One standing; an offer that was never used is healthy and idle."""
        ...

    async def reserve(self, offer: Offer, reservation: Reservation) -> Reserved | NotReserved:
        """Take a place and an amount, if the offer is open and has room for both at that moment."""
        ...

    async def settle(
        self, offer_id: str, reservation_id: str, counts: Money, *, probes_on: bool = False
    ) -> Standing | None:
        """Give a place back and leave ``counts`` of the amount standing; None when that was done before.

        ``probes_on``: a probe keeps the offer to itself even now, until what it told is written down.
        """
        ...

    async def change(self, before: Standing, after: Standing, *, offer_revision: int) -> Standing | None:
        """Change health, as judged of that revision of the offer; None when it is no longer as ``before``."""
        ...

    async def reopen(self, offer_id: str, offer_revision: int) -> Standing | None:
        """Open an offer that was shut at an earlier revision; None when it was not."""
        ...

    async def reservations(self, older_than: timedelta) -> Sequence[Reservation]:
        """Everything reserved for longer than that."""
        ...


class Offers(Protocol):
    """The offers, as api keeps them."""

    async def standing(self) -> Sequence[Entry]:
        """Every offer that is not withdrawn."""
        ...

    async def standing_for(self, model_id: str) -> Sequence[Entry]:
        """Those of them that are for one model."""
        ...

    async def find(self, offer_id: str) -> Entry | None:
        """One offer."""
        ...


class Jobs(Protocol):
    """The jobs, as api keeps them."""

    async def find(self, job_id: str) -> JobRecord | None:
        """One job; None where there is none, or a void id."""
        ...

    async def queued(self, older_than: timedelta, most: int, *, without: Container[str] = frozenset()) -> Sequence[str]:
        """Jobs in time that no provider has had for longer than that since they were made, first those due first.

        At most so many besides those ``without``.
        """
        ...


class Artifacts(Protocol):
    """The outputs of jobs, as artifacts keeps them."""

    async def of_job(self, job_id: str) -> Sequence[ArtifactRecord]:
        """What is known of a job's outputs."""
        ...


class Keys(Protocol):
    """Opens the provider keys of sellers."""

    async def open(self, offer_id: str, key_id: str) -> Secret:
        """The key itself; raises ``KeyGone`` or ``CannotOpen`` when there is none to be had."""
        ...


class Announcer(Protocol):
    """Says facts that no message led to."""

    async def say(self, *facts: Event | Addressed) -> None:
        """Return when the broker has them; raises ``Transient`` when that is not known."""
        ...
