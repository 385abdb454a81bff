"""Idempotency keys: the same key is the same job, whoever repeats it, overtakes it or dies over it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.memory_jobs import MemoryJobs
from services.api.domain.account import Held, NotHeld
from services.api.domain.claim import LEASE
from services.api.domain.outbox import Letter
from services.api.domain.refusals import IdempotencyInFlight, IdempotencyKeyReused, ServiceUnavailable
from services.api.domain.storing import Stored
from services.api.handlers.submit_job import submit_job
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.market.catalogue import Catalogue
from tests.kit.waiting import others_run
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import AT, account, attempt


@pytest.fixture
async def market() -> Market:
    return await Market().open()


async def test_the_same_key_gives_the_same_job_once(market: Market) -> None:
    first, again = await market.submit("k"), await market.submit("k")
    assert again == replace(first, replayed=True)
    assert await market.figures() == (976_900, 23_100, 0)


async def test_a_repetition_gives_the_job_whatever_the_market_has_become(market: Market) -> None:
    first = await market.submit("k")
    market.book.refresh([], [], known=market.book.ids)
    assert (await market.submit("k")).job == first.job


async def test_a_repetition_gives_the_job_though_its_webhook_or_its_model_is_gone(market: Market) -> None:
    """It was refused for a name server that did not answer, though the job was running."""
    hook = "https://hooks.example/x"
    first = await market.submit("k", webhook_url=hook)
    market.names.error = socket.gaierror(socket.EAI_AGAIN, "try again")
    assert (await market.submit("k", webhook_url=hook)).job == first.job
    gone = replace(market.submitting, catalogue=Catalogue([]))
    assert (await submit_job(market.order("k", webhook_url=hook), world=gone)).job == first.job
    with pytest.raises(ServiceUnavailable):
        await market.submit("l", webhook_url=hook)
    market.names.error = None
    assert not (await market.submit("l", webhook_url=hook)).replayed, "the key is free"


async def test_fifty_orders_at_once_with_one_key_are_one_job(market: Market) -> None:
    accepted = await asyncio.gather(*(market.submit("k") for _ in range(50)))
    assert len({each.job.id for each in accepted}) == 1
    assert sum(not each.replayed for each in accepted) == 1
    assert await market.figures() == (976_900, 23_100, 0)


async def test_the_same_key_with_another_body_is_refused(market: Market) -> None:
    await market.submit("k")
    with pytest.raises(IdempotencyKeyReused):
        await market.submit("k", fingerprint="another")


async def test_two_buyers_may_use_the_same_key(market: Market) -> None:
    other = account()
    await market.accounts.open(other)
    first, second = await market.submit("k"), await market.submit("k", buyer_id=other.id)
    assert first.job.id != second.job.id


async def test_a_key_whose_handler_holds_on_is_in_flight_after_five_seconds(market: Market) -> None:
    while_handled = asyncio.create_task(holds_on(market))
    await others_run()
    with pytest.raises(IdempotencyInFlight):
        await market.submit("k")
    assert 5 <= market.clock.monotonic() < 6
    while_handled.cancel()


async def holds_on(market: Market) -> None:
    """Renew the claim over and over, as handlers that take it over would."""
    while True:
        await market.requests.claim(market.buyer.id, "k", fingerprint="f", job_id="slow")
        await others_run()


async def test_a_key_whose_handler_died_is_taken_over_with_the_job_it_named(market: Market) -> None:
    named = new_id()
    await market.requests.claim(market.buyer.id, "k", fingerprint="f", job_id=named)
    accepted = await market.submit("k")
    assert (accepted.job.id, accepted.replayed) == (named, False)


async def test_a_hold_that_a_dead_handler_took_is_the_jobs_maximum(market: Market) -> None:
    named = new_id()
    await market.requests.claim(market.buyer.id, "k", fingerprint="f", job_id=named)
    await market.accounts.hold(market.buyer.id, named, Money(20_000), AT)
    job = (await market.submit("k")).job
    assert (job.id, job.max_cost, job.estimated_cost) == (named, Money(20_000), Money(20_000))
    assert await market.figures() == (980_000, 20_000, 0)


async def test_a_job_id_that_was_given_up_is_refused_and_its_key_free_for_a_new_one(market: Market) -> None:
    named = new_id()
    await market.requests.claim(market.buyer.id, "k", fingerprint="f", job_id=named)
    await market.jobs.void(named, AT)
    with pytest.raises(ServiceUnavailable):
        await market.submit("k")
    assert await market.figures() == (1_000_000, 0, 0)
    assert (await market.submit("k")).job.id != named


class OvertakenJobs(MemoryJobs):
    """Jobs whose first insert is so slow that another handler takes the claim over and is quicker."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._meanwhile: list[Callable[[], Awaitable[object]]] = [meanwhile]

    async def insert(self, job: JobRecord, letter: Letter) -> Stored:
        while self._meanwhile:
            await self._meanwhile.pop()()
        return await super().insert(job, letter)


async def test_a_handler_that_was_overtaken_leaves_the_hold_to_the_job_it_is_for(market: Market) -> None:
    """It once gave back, as nobody's, the very hold that it had taken for the other handler's live job."""

    async def overtake() -> None:
        market.clock.move(LEASE + timedelta(seconds=1))
        await market.submit("k")

    market.jobs = OvertakenJobs(overtake)
    accepted = await market.submit("k")
    assert accepted.replayed
    assert await market.figures() == (976_900, 23_100, 0)
    await market.sweep(after=timedelta(seconds=61))
    assert await market.figures() == (976_900, 23_100, 0)


class SlowAccounts(MemoryAccounts):
    """Accounts whose first hold is so slow that other handlers do all of this meanwhile."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._meanwhile: list[Callable[[], Awaitable[object]]] = [meanwhile]

    async def hold(self, buyer_id: str, job_id: str, amount: Money, at: datetime) -> Held | NotHeld:
        while self._meanwhile:
            await self._meanwhile.pop()()
        return await super().hold(buyer_id, job_id, amount, at)


async def test_a_handler_that_was_overtaken_by_the_whole_job_gives_its_late_hold_back(market: Market) -> None:
    async def overtake() -> None:
        market.clock.move(LEASE + timedelta(seconds=1))
        job = (await market.submit("k")).job
        market.attempts.put(attempt(job.id))
        await market.deliver(job.id)

    market.accounts = SlowAccounts(overtake)
    await market.accounts.open(market.buyer)
    assert (await market.submit("k")).job.status is JobStatus.SUCCEEDED
    assert await market.figures() == (979_000, 0, 21_000)


class OvertakenAccounts(MemoryAccounts):
    """Accounts whose first hold is so slow that another handler takes the claim over and holds the last money."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._meanwhile: list[Callable[[], Awaitable[object]]] = [meanwhile]

    async def hold(self, buyer_id: str, job_id: str, amount: Money, at: datetime) -> Held | NotHeld:
        if self._meanwhile:
            await self._meanwhile.pop()()
            return NotHeld(replace(self._accounts[buyer_id], available=Money(0)))
        return await super().hold(buyer_id, job_id, amount, at)


async def test_a_handler_that_is_refused_after_it_was_overtaken_answers_with_the_job(market: Market) -> None:
    """It once freed the key of the other handler's job, so that a repetition made a second one."""

    async def overtake() -> None:
        market.clock.move(LEASE + timedelta(seconds=1))
        await market.submit("k")

    market.accounts = OvertakenAccounts(overtake)
    await market.accounts.open(market.buyer)
    accepted = await market.submit("k")
    assert accepted.replayed
    assert (await market.submit("k")).job == accepted.job
    assert await market.figures() == (976_900, 23_100, 0)
