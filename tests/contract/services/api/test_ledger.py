"""The ledger: what was written stays as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.api.adapters.memory_ledger import MemoryLedger
from services.api.adapters.mongo_ledger import MongoLedger
from services.api.domain.account import Hold
from services.api.domain.ledger import CreditStands, EntryKind, credit_entry, hold_entries, settlement_entries
from services.api.domain.ledger_page import Earned
from services.api.domain.settlement import Settlement
from services.api.ports import Ledger
from shared.kernel.money import Money
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT

CREDIT = credit_entry("b1", Money(500), "invoice 7", AT)
LATER = AT + timedelta(seconds=1)


@pytest.fixture
async def ledger(database: Database | None) -> Ledger:
    if database is None:
        return MemoryLedger()
    stored = MongoLedger(database["ledger"])
    await stored.ensure_indexes()
    return stored


async def test_a_credit_is_open_until_it_is_closed(ledger: Ledger) -> None:
    assert await ledger.open_credit(CREDIT) == CreditStands(CREDIT, open=True)
    assert await ledger.open_credit(CREDIT) == CreditStands(CREDIT, open=True)
    await ledger.close_credit(CREDIT.id)
    assert await ledger.open_credit(CREDIT) == CreditStands(CREDIT, open=False)


async def test_a_credit_stands_as_it_was_first_written(ledger: Ledger) -> None:
    await ledger.open_credit(CREDIT)
    assert await ledger.open_credit(replace(CREDIT, amount=Money(9))) == CreditStands(CREDIT, open=True)


async def test_open_credits_are_found_until_they_are_closed(ledger: Ledger) -> None:
    await ledger.open_credit(CREDIT)
    assert await ledger.open_credits(AT, 5) == []
    assert await ledger.open_credits(LATER, 5) == [CREDIT]
    await ledger.close_credit(CREDIT.id)
    assert await ledger.open_credits(LATER, 5) == []


async def test_writing_an_entry_again_writes_nothing(ledger: Ledger) -> None:
    await ledger.write(CREDIT)
    await ledger.write(replace(CREDIT, amount=Money(9)))
    assert await ledger.open_credit(CREDIT) == CreditStands(CREDIT, open=False)


async def settled(ledger: Ledger, job_id: str, model: str = "m1", seconds: int = 0, buyer: str = "b1") -> None:
    """A job of 100 of which 60 go to the seller, 10 are the fee and 30 go back."""
    at = AT + timedelta(seconds=seconds)
    settlement = Settlement("s1", Money(60), Money(10), Money(30))
    await ledger.write(
        *hold_entries(buyer, job_id, Hold(Money(100), at)), *settlement_entries(buyer, job_id, model, settlement, at)
    )


async def test_a_buyer_reads_every_movement_of_their_own_newest_first(ledger: Ledger) -> None:
    await settled(ledger, "j1")
    await settled(ledger, "j2", seconds=1)
    await settled(ledger, "j3", buyer="b2")
    page = await ledger.page_of("buyer_id", "b1", after=None, limit=5)
    assert [entry.job_id for entry in page] == ["j2"] * 4 + ["j1"]
    rest = await ledger.page_of("buyer_id", "b1", after=page[-1], limit=5)
    assert {entry.kind for entry in [page[-1], *rest]} == set(EntryKind) - {EntryKind.CREDIT}


async def test_a_seller_reads_what_they_earned_and_no_fee_or_release(ledger: Ledger) -> None:
    await settled(ledger, "j1")
    (entry,) = await ledger.page_of("seller_id", "s1", after=None, limit=5)
    assert (entry.kind, entry.amount, entry.model) == (EntryKind.CAPTURE, Money(60), "m1")
    assert await ledger.page_of("seller_id", "s2", after=None, limit=5) == []


async def test_earnings_are_summed_by_model(ledger: Ledger) -> None:
    await settled(ledger, "j1", "m2")
    await settled(ledger, "j2", "m1")
    await settled(ledger, "j3", "m2")
    assert await ledger.earned("s1") == [Earned("m1", Money(60), 1), Earned("m2", Money(120), 2)]
    assert await ledger.earned("s2") == []


async def test_an_entry_is_found_by_those_it_names_only(ledger: Ledger) -> None:
    await ledger.write(CREDIT)
    assert await ledger.find_of("buyer_id", "b1", CREDIT.id) == CREDIT
    assert await ledger.find_of("buyer_id", "b2", CREDIT.id) is None
    assert await ledger.find_of("seller_id", "b1", CREDIT.id) is None
