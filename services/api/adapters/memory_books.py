"""Accounts, ledger and jobs in memory, to be compared; between two awaits nothing moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.memory_ledger import MemoryLedger
from services.api.domain.audit import AccountBook, Line, Transit, UnderWay
from services.api.domain.ledger import LedgerEntry, sort_of
from shared.contracts.records.job import SettlementStatus


class MemoryBooks:
    """See :class:`services.api.ports.Books` and :class:`services.api.ports.Snapshot`."""

    def __init__(self, accounts: MemoryAccounts, ledger: MemoryLedger, jobs: MemoryJobs) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._jobs = jobs

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[MemoryBooks]:
        yield self

    async def accounts(self) -> AsyncIterator[AccountBook]:
        for account in self._accounts.all():
            holds = sum(hold.amount.micros for hold in self._accounts.holds_of(account.id).values())
            lines = tuple(
                Line(each.kind, sort_of(each.debit), sort_of(each.credit), each.amount.micros, 1)
                for each in self._of(account.id)
            )
            yield AccountBook(account, holds, lines)

    async def transit(self, account_id: str) -> Transit:
        holds = self._accounts.holds_of(account_id)
        known = await self._jobs.known({*holds, *self._unsettled(account_id)})
        jobs = tuple(
            UnderWay(holds.get(job_id), known.get(job_id), self._of_job(job_id)) for job_id in {*holds, *known}
        )
        given = self._accounts.credits_of(account_id)
        late = [entry.amount for entry in self._of(account_id) if entry.id in self._ledger.open - given]
        return Transit(jobs, tuple(late))

    async def entries(self) -> int:
        return len(self._ledger.entries)

    def _unsettled(self, account_id: str) -> set[str]:
        ended = [job for job in self._jobs.all() if job.buyer_id == account_id and job.ended]
        return {job.id for job in ended if job.settlement_status is SettlementStatus.PENDING}

    def _of(self, account_id: str) -> list[LedgerEntry]:
        return [entry for entry in self._ledger.entries.values() if entry.buyer_id == account_id]

    def _of_job(self, job_id: str) -> tuple[LedgerEntry, ...]:
        return tuple(entry for entry in self._ledger.entries.values() if entry.job_id == job_id)
