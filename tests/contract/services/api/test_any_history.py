"""Any history on a real database: the same orders, deaths and sweeps as in memory, with the same promises.

Idempotency keys stay in memory, where their leases run by the stopped clock, so that keys are
taken over in the middle of a history; on a database the leases have tests of their own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from services.api.adapters.mongo_accounts import MongoAccounts
from services.api.adapters.mongo_books import MongoBooks
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.adapters.mongo_ledger import MongoLedger
from services.api.domain.audit import Audit
from services.api.handlers.audit_books import audit_books
from shared.contracts.records.job import JobRecord, read_job
from shared.storage.mongo import Database, open_database
from tests.unit.services.api.history import AnyHistory
from tests.unit.services.api.market import Market

BOUNDED = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class StoredMarket(Market):
    """A market whose jobs, accounts and ledger lie in a database."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.stores = MongoJobs(database["jobs"]), MongoAccounts(database["accounts"]), MongoLedger(database["ledger"])
        self.jobs, self.accounts, self.ledger = self.stores  # type: ignore[assignment]

    async def open(self) -> Market:
        for store in self.stores:
            await store.ensure_indexes()
        return await super().open()

    async def audit(self) -> Audit:
        return await audit_books(books=MongoBooks(self.database))


@asynccontextmanager
async def emptied(url: str, name: str) -> AsyncIterator[Database]:
    async with open_database(url, name) as database:
        for collection in ("jobs", "accounts", "ledger"):
            await database[collection].delete_many({})
        yield database


def test_any_history_on_a_database_adds_up(mongo_url: str, database_name: str) -> None:
    class StoredHistory(AnyHistory):
        async def opened(self) -> Market:
            self.stack = AsyncExitStack()
            self.database = await self.stack.enter_async_context(emptied(mongo_url, database_name))
            return await StoredMarket(self.database).open()

        async def all_jobs(self) -> list[JobRecord]:
            found = self.database["jobs"].find({"status": {"$ne": "void"}}).sort("created_at", 1)
            return [read_job(document) async for document in found]

        async def end(self) -> None:
            try:
                await super().end()
            finally:
                await self.stack.aclose()

    run_state_machine_as_test(StoredHistory, settings=BOUNDED)
