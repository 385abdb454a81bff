"""Accounts: available + held + spent is always what was credited, whatever comes twice or at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.mongo_accounts import MongoAccounts
from services.api.domain.account import Account, Held, Hold, Limits, NotHeld, OldHold
from services.api.domain.refusals import NotFound
from services.api.ports import Accounts
from shared.kernel.ids import new_id
from shared.kernel.money import ZERO, Money
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT, account

COST = Money(300_000)


@pytest.fixture
async def accounts(database: Database | None) -> Accounts:
    if database is None:
        return MemoryAccounts()
    stored = MongoAccounts(database["accounts"])
    await stored.ensure_indexes()
    return stored


async def opened(accounts: Accounts, **changes: object) -> Account:
    new = account(**changes)
    await accounts.open(new)
    return new


async def found(accounts: Accounts, account_id: str) -> Account:
    known = await accounts.find(account_id)
    assert known is not None
    assert known.available.micros + known.held.micros + known.spent.micros == known.credited.micros
    return known


async def holds(accounts: Accounts, seconds: int = 60) -> list[OldHold]:
    return [hold async for some in accounts.old_holds(AT + timedelta(seconds=seconds)) for hold in some]


async def test_an_account_comes_back_as_it_was_opened(accounts: Accounts) -> None:
    new = await opened(accounts, limits=Limits(3, 7))
    assert await accounts.find(new.id) == new
    assert await accounts.find(new_id()) is None


async def test_a_hold_moves_money_from_available_to_held(accounts: Accounts) -> None:
    new = await opened(accounts)
    assert await accounts.hold(new.id, new_id(), COST, AT) == Held(Hold(COST, AT))
    after = await found(accounts, new.id)
    assert (after.available, after.held, after.in_flight) == (Money(700_000), COST, 1)


async def test_a_hold_that_stands_is_answered_as_it_is(accounts: Accounts) -> None:
    new, job_id = await opened(accounts), new_id()
    await accounts.hold(new.id, job_id, COST, AT)
    assert await accounts.hold(new.id, job_id, Money(5), AT) == Held(Hold(COST, AT))
    assert (await found(accounts, new.id)).held == COST


async def test_a_hold_of_nothing_is_a_hold(accounts: Accounts) -> None:
    new, job_id = await opened(accounts), new_id()
    assert await accounts.hold(new.id, job_id, ZERO, AT) == Held(Hold(ZERO, AT))
    assert await accounts.hold(new.id, job_id, ZERO, AT) == Held(Hold(ZERO, AT))
    assert await accounts.settle(new.id, job_id, AT, captured=ZERO, released=ZERO)


async def test_more_than_is_available_is_not_held(accounts: Accounts) -> None:
    new = await opened(accounts)
    assert await accounts.hold(new.id, new_id(), Money(1_000_001), AT) == NotHeld(new)
    assert await accounts.hold(new.id, new_id(), Money(1_000_000), AT) == Held(Hold(Money(1_000_000), AT))


async def test_no_more_jobs_are_held_than_may_be_in_flight(accounts: Accounts) -> None:
    new, job_id = await opened(accounts, limits=Limits(jobs_in_flight=1)), new_id()
    await accounts.hold(new.id, job_id, COST, AT)
    outcome = await accounts.hold(new.id, new_id(), COST, AT)
    assert isinstance(outcome, NotHeld)
    assert outcome.account.in_flight == 1
    await accounts.settle(new.id, job_id, AT, captured=ZERO, released=COST)
    assert await accounts.hold(new.id, new_id(), COST, AT) == Held(Hold(COST, AT))


async def test_an_account_that_is_not_there_holds_nothing(accounts: Accounts) -> None:
    with pytest.raises(NotFound):
        await accounts.hold(new_id(), new_id(), COST, AT)


async def test_of_many_holds_at_once_only_what_is_available_is_taken(accounts: Accounts) -> None:
    new = await opened(accounts)
    outcomes = await asyncio.gather(*(accounts.hold(new.id, new_id(), COST, AT) for _ in range(10)))
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 3
    assert (await found(accounts, new.id)).held == Money(900_000)


async def test_many_holds_of_one_job_at_once_are_one(accounts: Accounts) -> None:
    new, job_id = await opened(accounts), new_id()
    outcomes = await asyncio.gather(*(accounts.hold(new.id, job_id, COST, AT) for _ in range(10)))
    assert outcomes == [Held(Hold(COST, AT))] * 10
    assert (await found(accounts, new.id)).held == COST


async def test_settling_captures_and_releases_once(accounts: Accounts) -> None:
    new, job_id = await opened(accounts), new_id()
    await accounts.hold(new.id, job_id, COST, AT)
    settled = [
        await accounts.settle(new.id, job_id, AT, captured=Money(200_000), released=Money(100_000)) for _ in "ab"
    ]
    assert settled == [True, False]
    after = await found(accounts, new.id)
    assert (after.available, after.held, after.spent, after.in_flight) == (Money(800_000), ZERO, Money(200_000), 0)


async def test_a_hold_is_settled_whole_or_not_at_all(accounts: Accounts) -> None:
    new, job_id = await opened(accounts), new_id()
    await accounts.hold(new.id, job_id, COST, AT)
    assert not await accounts.settle(new.id, job_id, AT, captured=Money(1), released=ZERO)
    assert (await found(accounts, new.id)).held == COST


async def test_a_hold_is_settled_only_by_the_instant_it_was_taken(accounts: Accounts) -> None:
    new, job_id, later = await opened(accounts), new_id(), AT + timedelta(milliseconds=1)
    await accounts.hold(new.id, job_id, COST, later)
    assert not await accounts.settle(new.id, job_id, AT, captured=COST, released=ZERO)
    assert await accounts.settle(new.id, job_id, later, captured=COST, released=ZERO)


async def test_a_credit_counts_once(accounts: Accounts) -> None:
    new = await opened(accounts)
    outcomes = await asyncio.gather(*(accounts.credit(new.id, "c1", Money(5)) for _ in range(5)))
    assert outcomes.count(True) == 1
    assert (await found(accounts, new.id)).credited == Money(1_000_005)
    assert await accounts.credit(new.id, "c2", Money(5))


async def test_old_holds_are_those_taken_before_an_instant(accounts: Accounts) -> None:
    first, second = await opened(accounts), await opened(accounts)
    old, young, ended = new_id(), new_id(), new_id()
    await accounts.hold(first.id, old, COST, AT)
    await accounts.hold(first.id, young, COST, AT + timedelta(seconds=60))
    await accounts.hold(second.id, ended, COST, AT)
    await accounts.settle(second.id, ended, AT, captured=ZERO, released=COST)
    assert await holds(accounts) == [OldHold(first.id, old, Hold(COST, AT))]


async def test_every_old_hold_is_found_however_many_there_are(accounts: Accounts) -> None:
    new = await opened(accounts)
    made = {new_id() for _ in range(450)}
    await asyncio.gather(*(accounts.hold(new.id, job_id, Money(1), AT) for job_id in made))
    assert {hold.job_id for hold in await holds(accounts)} == made


async def test_amounts_beyond_32_bits_come_back_as_money(accounts: Accounts) -> None:
    """A stored 64-bit integer was once read as the driver's own type, which is no money."""
    fortune = Money(2**53 + 1)
    new = await opened(accounts, credited=fortune, available=fortune)
    await accounts.hold(new.id, new_id(), COST, AT)
    assert (await found(accounts, new.id)).available == fortune - COST
