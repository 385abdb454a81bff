"""What telling buyers needs from the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.webhooks.domain.answer import Answer, Verdict
from services.webhooks.domain.delivery import AttemptMade, Claimed, Delivery
from shared.contracts.event import Event
from shared.contracts.records.job import JobRecord
from shared.kernel.secret import Secret


class Jobs(Protocol):
    """The jobs, as api keeps them."""

    async def find(self, job_id: str) -> JobRecord | None:
        """The job, read at majority; None when it is purged."""
        ...

    async def ended_since(self, since: datetime, *, before: datetime) -> Sequence[JobRecord]:
        """Jobs with a webhook URL that ended in that span, oldest first, at most a few hundred."""
        ...


class Deliveries(Protocol):
    """The timetable of deliveries.  Leases are kept by the server's clock."""

    async def add(self, delivery: Delivery) -> bool:
        """Put a delivery on the timetable, due at once; False when it stands there already."""
        ...

    async def missing(self, delivery_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are not on the timetable."""
        ...

    async def claim(self, *, closed_hosts: Sequence[str], lease: timedelta) -> Claimed | None:
        """Take the delivery that is due longest, past those for closed hosts; None when none is due."""
        ...

    async def conclude(self, claimed: Claimed, made: AttemptMade, verdict: Verdict) -> bool:
        """Log the attempt and do as the verdict says; False when the claim was lost meanwhile."""
        ...

    async def release(self, claimed: Claimed) -> None:
        """Give an attempt back that was not made."""
        ...

    async def retry(self, delivery_id: str, buyer_id: str, request_id: str) -> bool:
        """Make a delivery due at once, in place of any attempt still to come; False when it is unknown.

        The same ``request_id`` does it once.
        """
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

    async def view(self, job: JobRecord, at: datetime) -> dict[str, object]:
        """What GET shows at that instant, with fresh URLs."""
        ...


class Announcer(Protocol):
    """Says facts outside of a message."""

    async def say(self, *facts: Event) -> None:
        """Return when the broker has them."""
        ...


class Wake(Protocol):
    """Tells whoever sends that something is due."""

    def __call__(self) -> None: ...
