"""Accounts in memory, with the same conditional updates as in MongoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from services.api.domain.account import Account, Held, Hold, NotHeld, OldHold
from services.api.domain.refusals import NotFound
from shared.kernel.money import Money


class MemoryAccounts:
    """See :class:`services.api.ports.Accounts`."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._holds: dict[str, dict[str, Hold]] = {}
        self._credits: set[tuple[str, str]] = set()

    async def open(self, account: Account) -> None:
        self._accounts[account.id] = account
        self._holds[account.id] = {}

    async def find(self, account_id: str) -> Account | None:
        return self._accounts.get(account_id)

    async def hold(self, buyer_id: str, job_id: str, amount: Money, at: datetime) -> Held | NotHeld:
        account = self._accounts.get(buyer_id)
        if account is None:
            raise NotFound("buyer")
        standing = self._holds[buyer_id].get(job_id)
        if standing is not None:
            return Held(standing)
        if account.available < amount or account.in_flight >= account.limits.jobs_in_flight:
            return NotHeld(account)
        hold = self._holds[buyer_id][job_id] = Hold(amount, at)
        self._accounts[buyer_id] = replace(
            account,
            available=account.available - amount,
            held=account.held + amount,
            in_flight=account.in_flight + 1,
        )
        return Held(hold)

    async def settle(self, buyer_id: str, job_id: str, at: datetime, *, captured: Money, released: Money) -> bool:
        standing = self._holds.get(buyer_id, {}).get(job_id)
        if standing is None or standing != Hold(captured + released, at):
            return False
        account = self._accounts[buyer_id]
        del self._holds[buyer_id][job_id]
        self._accounts[buyer_id] = replace(
            account,
            available=account.available + released,
            held=account.held - standing.amount,
            spent=account.spent + captured,
            in_flight=account.in_flight - 1,
        )
        return True

    async def credit(self, buyer_id: str, entry_id: str, amount: Money) -> bool:
        if (buyer_id, entry_id) in self._credits:
            return False
        account = self._accounts[buyer_id]
        self._credits.add((buyer_id, entry_id))
        self._accounts[buyer_id] = replace(
            account, credited=account.credited + amount, available=account.available + amount
        )
        return True

    async def old_holds(self, before: datetime) -> AsyncIterator[Sequence[OldHold]]:
        for account_id, holds in list(self._holds.items()):
            old = [OldHold(account_id, job_id, hold) for job_id, hold in holds.items() if hold.at < before]
            if old:
                yield old

    def all(self) -> list[Account]:
        """Every account there is."""
        return list(self._accounts.values())

    def holds_of(self, account_id: str) -> dict[str, Hold]:
        """What is held, by job."""
        return dict(self._holds[account_id])

    def credits_of(self, account_id: str) -> set[str]:
        """The ledger entries of credits that were given."""
        return {entry_id for buyer_id, entry_id in self._credits if buyer_id == account_id}
