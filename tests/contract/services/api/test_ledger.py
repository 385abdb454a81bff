"""The ledger: what was written stays as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.api.adapters.memory_ledger import MemoryLedger
from services.api.adapters.mongo_ledger import MongoLedger
from services.api.domain.ledger import CreditStands, credit_entry
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
