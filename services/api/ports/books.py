"""Everything about money as it was at one instant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from services.api.domain.audit import AccountBook, Transit


class Snapshot(Protocol):
    """One instant of accounts, ledger and jobs."""

    def accounts(self) -> AsyncIterator[AccountBook]:
        """Every account with the sums of its entries, a few in memory at a time."""
        ...

    async def transit(self, account_id: str) -> Transit:
        """What of that account may be in one book and not yet in the other."""
        ...

    async def entries(self) -> int:
        """How many entries the ledger has."""
        ...


class Books(Protocol):
    """The accounts and the ledger, to be compared."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Hold one instant for as long as the block takes; minutes at most."""
        ...
