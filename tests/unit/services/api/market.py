"""A whole api in memory: a buyer with money, an offer in the book, and every use case within reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.memory_books import MemoryBooks
from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.memory_ledger import MemoryLedger
from services.api.adapters.memory_market import MemoryAttempts
from services.api.adapters.memory_post import MemoryPost
from services.api.adapters.memory_requests import MemoryRequests
from services.api.adapters.memory_webhook_secrets import MemoryWebhookSecrets
from services.api.domain.account import Account
from services.api.domain.audit import Audit
from services.api.domain.backlog import Backlog
from services.api.domain.job_token import Signing, SigningSecret
from services.api.domain.ledger import LedgerEntry, credit_entry
from services.api.domain.order import Accepted, IdempotencyKey, Order
from services.api.entrypoints.http.urls import Urls
from services.api.handlers.add_credit import Crediting
from services.api.handlers.audit_books import audit_books
from services.api.handlers.cancel_job import Canceling
from services.api.handlers.deliver_job import deliver_job
from services.api.handlers.drive_settlements import drive_settlements
from services.api.handlers.expire_jobs import expire_jobs
from services.api.handlers.relay_letters import relay_letters
from services.api.handlers.release_stray_holds import release_stray_holds
from services.api.handlers.say_again import say_again
from services.api.handlers.settle_job import Settling
from services.api.handlers.submit_job import Submitting, submit_job
from shared.contracts.artifact_events import ArtifactStored
from shared.contracts.event import Event
from shared.contracts.records.job import JobRecord
from shared.market.book import Entry, OrderBook
from shared.market.catalogue import shipped_catalogue
from shared.market.kinds import KINDS
from shared.market.parameters import Parameters
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT, Directory, account, attempt, offer

CATALOGUE = shipped_catalogue()
ORDER = Parameters("venice-music-gen", "a quiet tune")


class Market:
    """Everything in memory."""

    def __init__(self, buyer: Account | None = None) -> None:
        self.clock = StoppedClock(AT)
        self.buyer = buyer or account()
        self.jobs = MemoryJobs()
        self.accounts = MemoryAccounts()
        self.ledger = MemoryLedger()
        self.requests = MemoryRequests(self.clock)
        self.attempts = MemoryAttempts()
        self.secrets = MemoryWebhookSecrets()
        self.post = MemoryPost(self.clock)
        self.signing = Signing([SigningSecret("k1", b"s" * 32)])
        self.book = OrderBook()
        self.backlog = Backlog()
        self.names = Directory()
        self.offer = offer()
        self.book.put(Entry(self.offer, 1))

    @property
    def settling(self) -> Settling:
        return Settling(self.jobs, self.accounts, self.ledger, self.post, self.clock)

    @property
    def canceling(self) -> Canceling:
        return Canceling(self.settling, self.attempts, self.signing)

    @property
    def submitting(self) -> Submitting:
        return Submitting(
            catalogue=CATALOGUE,
            kinds=KINDS,
            book=self.book,
            requests=self.requests,
            accounts=self.accounts,
            ledger=self.ledger,
            jobs=self.jobs,
            post=self.post,
            secrets=self.secrets,
            signing=self.signing,
            clock=self.clock,
            fee_bps=0,
            backlog=self.backlog,
            urls=Urls(self.names, allow_private=False),
        )

    @property
    def crediting(self) -> Crediting:
        return Crediting(self.accounts, self.ledger, self.clock)

    async def open(self) -> Market:
        await self.accounts.open(self.buyer)
        await self.ledger.write(credit_entry(self.buyer.id, self.buyer.credited, "opening", AT))
        return self

    def order(self, key: str | None = None, fingerprint: str = "f", **changes: Any) -> Order:
        idempotency = None if key is None else IdempotencyKey(key, fingerprint)
        return replace(Order(self.buyer.id, ORDER, idempotency=idempotency), **changes)

    async def submit(self, key: str | None = None, **changes: Any) -> Accepted:
        return await submit_job(self.order(key, **changes), world=self.submitting)

    async def routed(self) -> JobRecord:
        """A job that a provider has."""
        job = (await self.submit()).job
        self.attempts.put(attempt(job.id))
        await self.jobs.note_routed(job.id, 1)
        return job

    async def deliver(self, job_id: str, **changes: Any) -> None:
        await deliver_job(stored(job_id, **changes), world=self.settling, attempts=self.attempts, catalogue=CATALOGUE)

    async def sweep(self, *, after: timedelta) -> list[Event]:
        """Every sweep once, as if that much time had passed."""
        self.clock.move(after)
        await release_stray_holds(world=self.settling)
        await drive_settlements(world=self.settling)
        await expire_jobs(world=self.settling, kinds=KINDS)
        await say_again(jobs=self.jobs, attempts=self.attempts, post=self.post, clock=self.clock)
        await relay_letters(outboxes=[self.jobs], post=self.post, clock=self.clock)
        return await self.post.arrive()

    async def figures(self) -> tuple[int, int, int]:
        """Available, held and spent, in micros; checked to be all that was credited, here and in the ledger."""
        now = await self.accounts.find(self.buyer.id)
        assert now is not None
        assert now.available.micros + now.held.micros + now.spent.micros == now.credited.micros
        assert balance(self.entries, f"buyer_available:{now.id}") == now.available.micros
        assert balance(self.entries, f"buyer_held:{now.id}") == now.held.micros
        return now.available.micros, now.held.micros, now.spent.micros

    async def audit(self) -> Audit:
        """The audit as it would be told now."""
        return await audit_books(books=MemoryBooks(self.accounts, self.ledger, self.jobs))

    @property
    def entries(self) -> list[LedgerEntry]:
        return list(self.ledger.entries.values())


def balance(entries: list[LedgerEntry], name: str) -> int:
    """What a ledger account holds."""
    reached = sum(entry.amount.micros for entry in entries if entry.credit == name)
    return reached - sum(entry.amount.micros for entry in entries if entry.debit == name)


def stored(job_id: str, **changes: Any) -> ArtifactStored:
    ordinary = {
        "job_id": job_id,
        "kind": "music",
        "attempt": 1,
        "key": f"async-media/{job_id}/0.mp3",
        "content_type": "audio/mpeg",
        "bytes": 960_640,
        "sha256": "ab" * 32,
        "duration_millis": 60_040,
        "retained_until": AT + timedelta(hours=3),
    }
    return ArtifactStored.model_validate(ordinary | changes)
