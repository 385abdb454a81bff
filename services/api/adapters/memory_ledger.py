"""The ledger in memory."""

from __future__ import annotations

from datetime import datetime

from services.api.domain.ledger import CreditStands, LedgerEntry
from services.api.domain.ledger_page import Earned
from services.api.ports import Side
from shared.kernel.money import Money


class MemoryLedger:
    """See :class:`services.api.ports.Ledger`."""

    def __init__(self) -> None:
        self.entries: dict[str, LedgerEntry] = {}
        self.open: set[str] = set()

    async def write(self, *entries: LedgerEntry) -> None:
        for entry in entries:
            self.entries.setdefault(entry.id, entry)

    async def open_credit(self, entry: LedgerEntry) -> CreditStands:
        if entry.id not in self.entries:
            self.entries[entry.id] = entry
            self.open.add(entry.id)
        return CreditStands(self.entries[entry.id], entry.id in self.open)

    async def close_credit(self, entry_id: str) -> None:
        self.open.discard(entry_id)

    async def open_credits(self, before: datetime, limit: int) -> list[LedgerEntry]:
        found = [self.entries[entry_id] for entry_id in self.open]
        return [entry for entry in found if entry.created_at < before][:limit]

    async def find_of(self, side: Side, account_id: str, entry_id: str) -> LedgerEntry | None:
        return next((entry for entry in self._of(side, account_id) if entry.id == entry_id), None)

    async def page_of(self, side: Side, account_id: str, *, after: LedgerEntry | None, limit: int) -> list[LedgerEntry]:
        mine = [entry for entry in self._of(side, account_id) if after is None or _age(entry) < _age(after)]
        return sorted(mine, key=_age, reverse=True)[:limit]

    async def earned(self, seller_id: str) -> list[Earned]:
        mine = self._of("seller_id", seller_id)
        models = sorted({entry.model or "" for entry in mine})
        return [_earned(model, [entry for entry in mine if entry.model == model]) for model in models]

    def _of(self, side: Side, account_id: str) -> list[LedgerEntry]:
        return [entry for entry in self.entries.values() if getattr(entry, side) == account_id]


def _age(entry: LedgerEntry) -> tuple[datetime, str]:
    return entry.created_at, entry.id


def _earned(model: str, entries: list[LedgerEntry]) -> Earned:
    return Earned(model, Money(sum(entry.amount.micros for entry in entries)), len(entries))
