"""The ledger in memory."""

from __future__ import annotations

from datetime import datetime

from services.api.domain.ledger import CreditStands, LedgerEntry


class MemoryLedger:
    """See :class:`services.api.ports.Ledger`."""

    def __init__(self) -> None:
        self.entries: dict[str, LedgerEntry] = {}
        self._open: set[str] = set()

    async def write(self, *entries: LedgerEntry) -> None:
        for entry in entries:
            self.entries.setdefault(entry.id, entry)

    async def open_credit(self, entry: LedgerEntry) -> CreditStands:
        if entry.id not in self.entries:
            self.entries[entry.id] = entry
            self._open.add(entry.id)
        return CreditStands(self.entries[entry.id], entry.id in self._open)

    async def close_credit(self, entry_id: str) -> None:
        self._open.discard(entry_id)

    async def open_credits(self, before: datetime, limit: int) -> list[LedgerEntry]:
        found = [self.entries[entry_id] for entry_id in self._open]
        return [entry for entry in found if entry.created_at < before][:limit]
