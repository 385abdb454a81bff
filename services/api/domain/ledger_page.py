"""Pages of the ledger, as buyers and sellers read it, and what a seller earned in all."""

from __future__ import annotations

from dataclasses import dataclass

from services.api.domain.ledger import LedgerEntry
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Entries newest first; ``has_more`` when older ones follow."""

    entries: tuple[LedgerEntry, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Earned:
    """What a seller earned with one model, in how many jobs."""

    model: str
    amount: Money
    jobs: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """Everything a seller earned, by model, and the latest of it."""

    by_model: tuple[Earned, ...]
    page: LedgerPage

    @property
    def amount(self) -> Money:
        """All of it."""
        return Money(sum(each.amount.micros for each in self.by_model))

    @property
    def jobs(self) -> int:
        """How many jobs were paid for."""
        return sum(each.jobs for each in self.by_model)
