"""Any history in memory adds up; and the same histories tell when a guard is missing."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.memory_ledger import MemoryLedger
from services.api.domain.ledger import LedgerEntry
from shared.contracts.records.job import JobRecord
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.unit.services.api.history import AnyHistory
from tests.unit.services.api.market import Market

TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)

SEARCHING = settings(
    max_examples=300,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


class UnguardedAccounts(MemoryAccounts):
    """Takes every giving of a credit for a new one."""

    async def credit(self, buyer_id: str, entry_id: str, amount: Money) -> bool:
        return await super().credit(buyer_id, entry_id, amount) or await super().credit(buyer_id, new_id(), amount)


class UnguardedJobs(MemoryJobs):
    """Takes a job that has ended for one that has not."""

    def _live(self, job_id: str) -> JobRecord | None:
        return self._jobs.get(job_id)


class UnguardedLedger(MemoryLedger):
    """Takes every writing of a movement for a new one."""

    async def write(self, *entries: LedgerEntry) -> None:
        for entry in entries:
            if entry.id in self.entries:
                self.entries[new_id()] = entry
        await super().write(*entries)


@pytest.mark.parametrize(
    ("name", "store"),
    [("accounts", UnguardedAccounts), ("jobs", UnguardedJobs), ("ledger", UnguardedLedger)],
)
def test_without_one_of_its_guards_the_market_is_found_out(name: str, store: type) -> None:
    class Unguarded(AnyHistory):
        async def opened(self) -> Market:
            market = Market()
            setattr(market, name, store())
            return await market.open()

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Unguarded, settings=SEARCHING)
