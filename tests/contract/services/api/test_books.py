"""The audit's two books: seen at one instant, and every gap between them explained or told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.memory_books import MemoryBooks
from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.memory_ledger import MemoryLedger
from services.api.adapters.mongo_accounts import MongoAccounts
from services.api.adapters.mongo_books import MongoBooks
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.adapters.mongo_ledger import MongoLedger
from services.api.domain.account import Hold
from services.api.domain.audit import Audit, Difference
from services.api.domain.ending import Unpaid
from services.api.domain.ledger import EntryKind, credit_entry, hold_entries, settlement_entries
from services.api.domain.settlement import Settlement, release
from services.api.handlers.audit_books import audit_books
from services.api.ports import Accounts, Books, Jobs, Ledger
from shared.contracts.records.job import JobError, JobRecord, JobStatus, SettlementStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.storage.mongo import Database, open_database
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import AT, account, delivered, job, letter

HELD = Money(23_100)


@dataclass(frozen=True)
class House:
    accounts: Accounts
    ledger: Ledger
    jobs: Jobs
    books: Books

    async def buyer(self) -> str:
        new = account()
        await self.accounts.open(new)
        await self.ledger.write(credit_entry(new.id, new.credited, "opening", AT))
        return new.id

    async def held(self, buyer_id: str, job_id: str | None = None) -> str:
        job_id = job_id or new_id()
        await self.accounts.hold(buyer_id, job_id, HELD, AT)
        return job_id

    async def ordered(self) -> JobRecord:
        made = job(buyer_id=await self.buyer())
        await self.held(made.buyer_id, made.id)
        await self.ledger.write(*hold_entries(made.buyer_id, made.id, Hold(HELD, AT)))
        await self.jobs.insert(made, letter())
        return made

    async def audit(self) -> Audit:
        return await audit_books(books=self.books)


@pytest.fixture
def house(database: Database | None) -> House:
    if database is None:
        accounts, ledger, jobs = MemoryAccounts(), MemoryLedger(), MemoryJobs()
        return House(accounts, ledger, jobs, MemoryBooks(accounts, ledger, jobs))
    return House(
        MongoAccounts(database["accounts"]),
        MongoLedger(database["ledger"]),
        MongoJobs(database["jobs"]),
        MongoBooks(database),
    )


async def test_books_that_agree_show_no_difference(house: House) -> None:
    await house.ordered()
    audit = await house.audit()
    assert (audit.accounts, audit.entries, audit.difference, audit.in_transit) == (1, 2, 0, 0)
    assert (audit.sums.available, audit.sums.held) == (976_900, 23_100)
    assert audit.by_kind[EntryKind.HOLD] == 23_100


async def test_an_empty_market_adds_up(house: House) -> None:
    assert await house.audit() == Audit()


async def test_a_hold_that_the_ledger_does_not_know_yet_is_in_transit(house: House) -> None:
    await house.held(await house.buyer())
    audit = await house.audit()
    assert (audit.difference, audit.in_transit) == (0, 23_100)


async def test_a_live_jobs_hold_that_is_not_in_the_ledger_is_a_difference(house: House) -> None:
    made = job(buyer_id=await house.buyer())
    await house.held(made.buyer_id, made.id)
    await house.jobs.insert(made, letter())
    assert (await house.audit()).differences == [Difference(made.buyer_id, "ledger", 23_100)]


async def test_a_settlement_half_way_is_in_transit(house: House) -> None:
    made = await house.ordered()
    ended = await house.jobs.end(made.id, delivered())
    assert ended is not None
    assert (await house.audit()).difference == 0
    await house.accounts.settle(made.buyer_id, made.id, made.created_at, captured=Money(21_000), released=Money(2_100))
    audit = await house.audit()
    assert audit.difference == 0
    assert audit.in_transit > 0


async def test_a_settlement_that_was_confirmed_without_its_entries_is_a_difference(house: House) -> None:
    made = await house.ordered()
    await house.jobs.end(made.id, delivered())
    await house.accounts.settle(made.buyer_id, made.id, made.created_at, captured=Money(21_000), released=Money(2_100))
    await house.jobs.confirm(made.id, SettlementStatus.CONFIRMED, letter("x"))
    audit = await house.audit()
    assert audit.difference == 23_100
    assert audit.differences == [Difference(made.buyer_id, "ledger", 23_100)]


async def test_a_jobs_own_hold_that_stands_after_its_settlement_is_a_difference(house: House) -> None:
    """It once was in transit for ever."""
    made = await house.ordered()
    await house.jobs.end(made.id, Unpaid(AT, JobStatus.FAILED, JobError("expired", "late"), 1))
    await house.ledger.write(*settlement_entries(made.buyer_id, made.id, None, release(HELD), AT))
    assert (await house.audit()).difference == 0, "the account is not settled yet"
    await house.jobs.confirm(made.id, SettlementStatus.RELEASED, letter("x"))
    audit = await house.audit()
    assert (audit.differences, audit.in_transit) == ([Difference(made.buyer_id, "ledger", 23_100)], 0)


async def test_a_release_that_only_the_ledger_knows_is_in_transit(house: House) -> None:
    buyer = await house.buyer()
    lost = await house.held(buyer)
    await house.jobs.void(lost, AT)
    await house.ledger.write(
        *hold_entries(buyer, lost, Hold(HELD, AT)), *settlement_entries(buyer, lost, None, release(HELD), AT)
    )
    assert (await house.audit()).difference == 0


async def test_a_credit_that_only_the_ledger_knows_is_in_transit_until_it_is_given(house: House) -> None:
    entry = credit_entry(await house.buyer(), Money(5), "invoice", AT)
    await house.ledger.open_credit(entry)
    audit = await house.audit()
    assert (audit.difference, audit.in_transit) == (0, 5)
    await house.accounts.credit(entry.buyer_id, entry.id, entry.amount)
    audit = await house.audit()
    assert (audit.difference, audit.in_transit) == (0, 0)


async def test_an_entry_of_nobodys_is_a_difference(house: House) -> None:
    await house.ledger.write(credit_entry("nobody", Money(5), "x", AT))
    assert (await house.audit()).differences == [Difference(None, "entries without an account", 1)]


async def test_an_account_that_does_not_add_up_is_a_difference(house: House) -> None:
    wrong = account(spent=Money(3))
    await house.accounts.open(wrong)
    await house.ledger.write(credit_entry(wrong.id, wrong.credited, "opening", AT))
    assert Difference(wrong.id, "balance", 3) in (await house.audit()).differences


async def test_what_lies_where_comes_to_nothing_together(house: House) -> None:
    made = await house.ordered()
    settlement = Settlement("s1", Money(20_000), Money(1_000), Money(2_100))
    await house.ledger.write(*settlement_entries(made.buyer_id, made.id, "m1", settlement, AT))
    lies = (await house.audit()).by_account
    assert lies == {
        "credits_issued": -1_000_000,
        "buyer_available": 979_000,
        "buyer_held": 0,
        "seller_payable": 20_000,
        "marketplace_fee": 1_000,
    }
    assert sum(lies.values()) == 0


async def test_an_entry_between_the_wrong_accounts_is_a_difference(house: House) -> None:
    made = await house.ordered()
    (entry,) = hold_entries(made.buyer_id, "another", Hold(Money(7), AT))
    await house.ledger.write(replace(entry, debit="marketplace_fee"))
    assert Difference(made.buyer_id, "entries", 7) in (await house.audit()).differences


async def test_many_accounts_are_all_seen(house: House) -> None:
    for _ in range(205):
        await house.buyer()
    audit = await house.audit()
    assert (audit.accounts, audit.entries, audit.difference) == (205, 205, 0)


async def test_every_amount_is_kept_in_64_bits_however_small(mongo_url: str, database_name: str) -> None:
    async with open_database(mongo_url, database_name) as database:
        house = House(
            MongoAccounts(database["accounts"]),
            MongoLedger(database["ledger"]),
            MongoJobs(database["jobs"]),
            MongoBooks(database),
        )
        live, ended, failed = [await house.ordered() for _ in "abc"]
        assert await house.jobs.end(ended.id, delivered())
        assert await house.jobs.end(failed.id, Unpaid(AT, JobStatus.FAILED, JobError("expired", "late"), 1))
        settled = await house.accounts.settle(
            ended.buyer_id, ended.id, ended.created_at, captured=Money(21_000), released=Money(2_100)
        )
        assert settled
        hold = f"holds.{live.id}.amount"
        for name, fields in {
            "accounts": ("credited", "available", "held", "spent"),
            "ledger": ("amount",),
            "jobs": ("reference_cost", "estimated_cost", "max_cost"),
        }.items():
            for field in fields:
                assert await database[name].count_documents({field: {"$not": {"$type": "long"}}}) == 0, field
        assert await database["accounts"].count_documents({hold: {"$type": "long"}}) == 1
        paid = {"seller_cost": {"$type": "long"}, "buyer_cost": {"$type": "long"}}
        assert await database["jobs"].count_documents(paid) == 2


async def test_an_audit_in_the_middle_of_business_finds_no_difference(mongo_url: str, database_name: str) -> None:
    async with open_database(mongo_url, database_name) as database:
        jobs, accounts, ledger = (
            MongoJobs(database["jobs"]),
            MongoAccounts(database["accounts"]),
            MongoLedger(database["ledger"]),
        )
        for each in (jobs, accounts, ledger):
            await each.ensure_indexes()
        market = Market()
        market.jobs, market.accounts, market.ledger = jobs, accounts, ledger  # type: ignore[assignment]
        await market.open()
        business = [asyncio.create_task(sale(market)) for _ in range(20)]
        audits = 0
        while not all(task.done() for task in business):
            assert (await audit_books(books=MongoBooks(database))).differences == []
            audits += 1
        await asyncio.gather(*business)
        assert audits > 0
        audit = await audit_books(books=MongoBooks(database))
    assert (audit.difference, audit.in_transit) == (0, 0)
    assert audit.sums.spent == 20 * 21_000


async def sale(market: Market) -> None:
    job = await market.routed()
    await market.deliver(job.id)
