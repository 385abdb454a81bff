"""What telling buyers needs from the world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from services.webhooks.domain.answer import Answer, Verdict
from services.webhooks.domain.delivery import Claimed, Delivery, Due, Outcome
from shared.contracts.event import Event
from shared.contracts.records.delivery import DeliveryAttempt
from shared.contracts.records.job import JobRecord
from shared.kernel.secret import Secret


class Jobs(Protocol):
    """The jobs, as api keeps them."""

    async def find(self, job_id: str) -> JobRecord | None:
        """The job, read at majority; None when it is purged."""
        ...

    def ended(self, since: datetime, *, before: datetime) -> AsyncIterator[JobRecord]:
        """The jobs with a webhook URL that ended in that span, oldest first, their money moved or not."""
        ...


class Concluded(StrEnum):
    """What became of an attempt's conclusion."""

    NOTED = "noted"
    REPLACED = "replaced"
    """Noted; but the buyer had asked for a retry meanwhile, and so another attempt is due at once."""
    OVERTAKEN = "overtaken"
    """Nothing was noted: the lease had ended, and somebody else's claim counts."""


class Deliveries(Protocol):
    """The timetable of deliveries.  Leases and waits are measured by the server's clock."""

    async def add(self, delivery: Delivery) -> bool:
        """Put a delivery on the timetable, due at once; False when it stands there already."""
        ...

    async def missing(self, delivery_ids: Collection[str]) -> set[str]:
        """Those of the ids that are not on the timetable."""
        ...

    async def due(self, *, past_hosts: Collection[str], limit: int) -> Sequence[Due]:
        """What is due now, longest first, leaving those hosts out."""
        ...

    async def claim(self, delivery_id: str, *, lease: timedelta) -> Claimed | None:
        """Take the next attempt of a delivery; None when it is not due, or no longer.

        Of any number of claims at once, one succeeds.  When the lease ends without a
        conclusion, the same attempt is due again.
        """
        ...

    async def conclude(self, claimed: Claimed, made: DeliveryAttempt, verdict: Verdict) -> Concluded:
        """Log the attempt and do as the verdict says."""
        ...

    async def retry(self, delivery_id: str, buyer_id: str, request_id: str) -> bool:
        """Make a delivery due at once, in place of any attempt still to come; False when the buyer has no such.

        An attempt under way is let be: should it fail, the next follows at once.  The same
        ``request_id`` does it once.
        """
        ...

    async def untold(self, *, for_at_least: timedelta, limit: int) -> Sequence[Outcome]:
        """Outcomes that were noted so long ago and not yet said, in no particular order."""
        ...

    async def told(self, outcome: Outcome) -> None:
        """Note that an outcome was said."""
        ...


class Secrets(Protocol):
    """The buyers' signing secrets."""

    async def current(self, buyer_id: str) -> Sequence[Secret]:
        """Every secret that signs now, the newest first; none when the buyer has none."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """One signed request, ready to be sent."""

    url: str
    headers: dict[str, str]
    body: bytes


class Receiver(Protocol):
    """The other end of a URL that a stranger chose."""

    async def post(self, post: Post) -> Answer:
        """Send once and say what came of it.  Never raises for anything the other end does."""
        ...


class JobViews(Protocol):
    """How a job looks to its buyer."""

    async def view(self, job: JobRecord, at: datetime) -> dict[str, Any]:
        """What GET shows at that instant, with links that are good for a while."""
        ...


class Announcer(Protocol):
    """Says facts outside of a message."""

    async def say(self, *facts: Event) -> None:
        """Return when the broker has them.  Raises a ``Transient`` when that is not known."""
        ...


class Wake(Protocol):
    """Tells whoever sends that something is due."""

    def __call__(self) -> None: ...
