"""Jobs, what is known of their attempts, the keys they were asked for by, and who waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Set
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from services.api.domain.claim import Claim, Claimed
from services.api.domain.ending import Delivered, Unpaid
from services.api.domain.job_page import JobPage
from services.api.domain.outbox import Letter
from services.api.domain.storing import Stored
from services.api.ports.outbox import Outbox
from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.job import JobRecord, Running, SettlementStatus


class Jobs(Outbox, Protocol):
    """Jobs, one document each.  Every change is a compare-and-set; False says that nothing matched."""

    async def insert(self, job: JobRecord, letter: Letter) -> Stored:
        """Store a new job with its letter.  Raises :class:`Unconfirmed` when it may or may not be stored."""
        ...

    async def void(self, job_id: str, at: datetime) -> JobRecord | None:
        """Make sure that no job will ever be stored under this id; the job, when one is.  May raise as ``insert``."""
        ...

    async def find(self, job_id: str) -> JobRecord | None:
        """The job, whoever's it is: for facts and sweeps.  A void id is no job."""
        ...

    async def find_of(self, buyer_id: str, job_id: str) -> JobRecord | None:
        """The buyer's own job of that id."""
        ...

    async def page_of(self, buyer_id: str, page: JobPage) -> list[JobRecord]:
        """The buyer's own jobs, newest first."""
        ...

    async def known(self, job_ids: Iterable[str]) -> dict[str, JobRecord]:
        """Those of the ids that are jobs, by id."""
        ...

    async def note_routed(self, job_id: str, attempt: int) -> bool:
        """Count a new attempt of a live job; a queued one is submitted now, progress starts again."""
        ...

    async def note_running(self, job_id: str, attempt: int, running: Running) -> bool:
        """A live job's provider was first seen at work on this attempt or a newer one than is known."""
        ...

    async def request_cancel(self, job_id: str, at: datetime, letter: Letter) -> bool:
        """Note, once, that a live job is no longer wanted."""
        ...

    async def end(self, job_id: str, ending: Delivered | Unpaid) -> JobRecord | None:
        """Give a live job its terminal status, its settlement pending; the job as it is then.

        An :class:`Unpaid` other than canceled loses against a cancel request that came first.
        """
        ...

    async def confirm(self, job_id: str, status: SettlementStatus, letter: Letter) -> bool:
        """Note that the money of an ended job has moved, and keep the ending to be said, in one write."""
        ...

    async def expire_result(self, job_id: str, index: int) -> bool:
        """Note that a stored output is gone."""
        ...

    async def unsettled(self, before: datetime, limit: int) -> list[JobRecord]:
        """Jobs that ended before that instant and whose settlement is pending still."""
        ...

    async def overdue(self, kind: str, before: datetime, limit: int) -> list[JobRecord]:
        """Live jobs of a kind whose ``expires_at`` lies before that instant."""
        ...

    async def oldest(self) -> datetime | None:
        """When the live job was created whose time is up before any other's."""
        ...

    async def quiet(self, at: datetime, limit: int) -> list[JobRecord]:
        """Queued jobs without unsent letters that are due to be said again; see ``domain.saying_again``."""
        ...

    async def say_again(self, job_id: str, at: datetime, letter: Letter) -> bool:
        """Keep ``letter`` for a quiet job and put off the next time; one of several sweeps wins."""
        ...

    async def put_off(self, job_id: str, at: datetime) -> None:
        """Put off a quiet job that need not be said again now."""
        ...


class Attempts(Protocol):
    """The router's attempts, read at majority."""

    async def find(self, job_id: str, number: int) -> AttemptRecord | None:
        """One attempt."""
        ...

    async def attempted(self, job_ids: Iterable[str]) -> Set[str]:
        """Those of the ids that have an attempt, in whatever state."""
        ...

    async def keys_in_use(self, offer_id: str) -> Set[str]:
        """The key ids of the offer's open attempts."""
        ...


class Requests(Protocol):
    """What idempotency keys were used for, each buyer's own, for 24 hours at least."""

    async def claim(self, buyer_id: str, key: str, *, fingerprint: str, job_id: str) -> Claim:
        """Name ``job_id`` for a new key, or take over the name that a dead handler left; see ``domain.claim``."""
        ...

    async def free(self, buyer_id: str, key: str, claimed: Claimed) -> bool:
        """Forget a key whose request came to nothing; False when another handler has taken it over."""
        ...


class Watch(Protocol):
    """Somebody in this process waiting for news of one job."""

    async def news(self, within: timedelta) -> bool:
        """Return as soon as there is news since the last call, or after that time; True when there is."""
        ...


class Watches(Protocol):
    """Who in this process waits for which job."""

    def watching(self, job_id: str) -> AbstractContextManager[Watch]:
        """Wait for news of a job until the block ends; news from its beginning on is not missed."""
        ...

    def tell(self, job_id: str) -> None:
        """There is news of the job."""
        ...
