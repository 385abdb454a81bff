"""What the use cases of api need from the world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from services.api.domain.account import Account, Held, NotHeld, OldHold
from services.api.domain.api_key import ApiKey, Principal
from services.api.domain.claim import Claim
from services.api.domain.ending import Delivered, Unpaid
from services.api.domain.job_page import JobPage
from services.api.domain.ledger import CreditStands, LedgerEntry
from services.api.domain.outbox import Letter, Unsent
from services.api.domain.storing import Stored
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord
from shared.contracts.records.job import JobRecord, Running, SettlementStatus
from shared.contracts.records.offer import OfferRecord
from shared.contracts.records.webhook_secret import SealedSecret
from shared.kernel.errors import Transient
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.book import Entry
from shared.market.standings import Standing


class Unconfirmed(Transient):
    """A write was not acknowledged: it may have happened, it may not, it may still."""


class Outbox(Protocol):
    """Letters kept in the documents of one collection."""

    async def pull(self, document_id: str, event_id: str) -> None:
        """Forget a letter that the broker has."""
        ...

    async def unsent(self, before: datetime, limit: int) -> list[Unsent]:
        """At most ``limit`` documents with letters from before that instant, oldest first."""
        ...


class Post(Protocol):
    """Brings letters to the broker, and forgets them where they were kept."""

    def letter(self, event: Event) -> Letter:
        """The fact, enclosed now and with the trace it belongs to."""
        ...

    def send(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        """Bring it soon, without waiting; what does not arrive stays in its outbox for the sweep."""
        ...

    async def deliver(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        """Bring it now; raises ``Transient`` when it is not known to have arrived."""
        ...


class Jobs(Outbox, Protocol):
    """Jobs, one document each.  Every change is a compare-and-set; False says that nothing matched."""

    async def insert(self, job: JobRecord, letter: Letter) -> Stored:
        """Store a new job with its letter.  Raises :class:`Unconfirmed` when it may or may not be stored."""
        ...

    async def void(self, job_id: str, at: datetime) -> bool:
        """Make sure that no job will ever be stored under this id; False when one is."""
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

    async def end(self, job_id: str, ending: Delivered | Unpaid) -> bool:
        """Give a live job its terminal status, its settlement pending.

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

    async def free(self, buyer_id: str, key: str, job_id: str) -> None:
        """Forget a key whose request came to nothing, if it still names that job."""
        ...


class Accounts(Protocol):
    """Accounts with their money.  Every movement is one conditional update of one document."""

    async def open(self, account: Account) -> None:
        """Store a new account."""
        ...

    async def find(self, account_id: str) -> Account | None:
        """The account with its figures."""
        ...

    async def hold(self, buyer_id: str, job_id: str, amount: Money, at: datetime) -> Held | NotHeld:
        """Set ``amount`` aside for a job, once: a hold that is there already is answered as it is."""
        ...

    async def settle(self, buyer_id: str, job_id: str, *, captured: Money, released: Money) -> bool:
        """End a hold of exactly ``captured + released``; False when there is none (any more)."""
        ...

    async def credit(self, buyer_id: str, entry_id: str, amount: Money) -> bool:
        """Add to what is credited and available, once for ``entry_id``."""
        ...

    def old_holds(self, before: datetime) -> AsyncIterator[Sequence[OldHold]]:
        """Every hold taken before that instant, a few at a time."""
        ...


class Ledger(Protocol):
    """Entries that are never changed."""

    async def write(self, *entries: LedgerEntry) -> None:
        """Write those that are not there yet, told by their ids."""
        ...

    async def open_credit(self, entry: LedgerEntry) -> CreditStands:
        """Write a credit whose account is still to be changed, or find the one of that id as it stands."""
        ...

    async def close_credit(self, entry_id: str) -> None:
        """Note that the account of a credit is changed."""
        ...

    async def open_credits(self, before: datetime, limit: int) -> list[LedgerEntry]:
        """Credits from before that instant whose account is still to be changed."""
        ...


class ApiKeys(Outbox, Protocol):
    """API keys, by hash."""

    async def add(self, key: ApiKey, *, most: int) -> bool:
        """Keep a new key; False when the account has ``most`` good ones already."""
        ...

    async def by_digest(self, digest: str) -> ApiKey | None:
        """The key of that hash, good or not."""
        ...

    async def list_of(self, account_id: str) -> list[ApiKey]:
        """The account's keys that were not revoked, newest first."""
        ...

    async def revoke(self, account_id: str, key_id: str, at: datetime, letter: Letter) -> bool:
        """Make the account's own key open nothing from now on; False when it has no such key."""
        ...

    async def note_used(self, key_id: str, at: datetime) -> None:
        """Keep when the key was last used, to the minute."""
        ...


class RememberedKeys(Protocol):
    """Keys that this process need not look up for some seconds."""

    def recall(self, digest: str) -> Principal | None:
        """Whose key it is, if that was looked up a moment ago."""
        ...

    def remember(self, digest: str, principal: Principal, until: datetime | None) -> None:
        """Keep the answer for some seconds, never beyond ``until``, when the key expires."""
        ...

    def forget(self, key_id: str) -> None:
        """Ask again next time."""
        ...


class Offers(Outbox, Protocol):
    """Offers with the sealed keys that their attempts need."""

    async def insert(self, offer: OfferRecord, at: datetime, letter: Letter) -> None:
        """Store a new offer with its letter."""
        ...

    async def find_of(self, seller_id: str, offer_id: str) -> OfferRecord | None:
        """The seller's own offer of that id, withdrawn or not."""
        ...

    async def list_of(self, seller_id: str) -> list[OfferRecord]:
        """The seller's own offers that are not withdrawn, newest first."""
        ...

    async def replace(self, offer: OfferRecord, at: datetime, letter: Letter) -> bool:
        """Store a changed offer in place of the revision before it; False when that is not the latest."""
        ...

    async def entry(self, offer_id: str) -> Entry | None:
        """One offer for the book."""
        ...

    async def entries(self) -> list[Entry]:
        """Every offer that is not withdrawn, for the book."""
        ...

    async def unverified(self, limit: int) -> list[OfferRecord]:
        """Some of the offers that no quote has vouched for yet, at random."""
        ...

    async def with_spare_keys(self, before: datetime, limit: int) -> list[OfferRecord]:
        """Offers unchanged since that instant with a key besides the current one, or any though withdrawn."""
        ...

    async def drop_key(self, offer_id: str, key_id: str) -> None:
        """Forget a sealed key."""
        ...


class Standings(Protocol):
    """The router's standings, read at majority."""

    async def all(self) -> list[Standing]:
        """Every standing there is."""
        ...


class WebhookSecrets(Protocol):
    """Buyers' webhook secrets, sealed."""

    async def ensure(self, buyer_id: str, at: datetime) -> None:
        """Make the buyer's first secret unless there is one."""
        ...

    async def list_of(self, buyer_id: str) -> list[SealedSecret]:
        """Newest first, replaced ones included."""
        ...

    async def rotate(self, buyer_id: str, at: datetime, overlap: timedelta) -> Secret:
        """Make a new secret; older ones go on signing until ``overlap`` is over."""
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
