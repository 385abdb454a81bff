"""Accounts and the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from services.api.domain.account import Account, Held, NotHeld, OldHold
from services.api.domain.ledger import CreditStands, LedgerEntry
from services.api.domain.ledger_page import Earned
from shared.kernel.money import Money


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

    async def settle(self, buyer_id: str, job_id: str, at: datetime, *, captured: Money, released: Money) -> bool:
        """End the hold of ``captured + released`` that was taken ``at``; False when there is none (any more)."""
        ...

    async def credit(self, buyer_id: str, entry_id: str, amount: Money) -> bool:
        """Add to what is credited and available, once for ``entry_id``."""
        ...

    def old_holds(self, before: datetime) -> AsyncIterator[Sequence[OldHold]]:
        """Every hold taken before that instant, a few at a time."""
        ...


Side: TypeAlias = Literal["buyer_id", "seller_id"]
"""Which of the two that an entry names is meant."""


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

    async def find_of(self, side: Side, account_id: str, entry_id: str) -> LedgerEntry | None:
        """The account's own entry of that id."""
        ...

    async def page_of(self, side: Side, account_id: str, *, after: LedgerEntry | None, limit: int) -> list[LedgerEntry]:
        """The account's own entries, newest first, older than ``after``."""
        ...

    async def earned(self, seller_id: str) -> list[Earned]:
        """What the seller earned, by model."""
        ...
