"""Two handlers at one idempotency key: the one that is slow, and the one that takes it over and is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.api.domain.claim import LEASE
from services.api.domain.reader import ByKey
from services.api.domain.refusals import NoHealthySellers
from services.api.handlers.cancel_job import cancel_job
from shared.kernel.ids import new_id
from shared.market.book import Entry
from shared.market.offers import FeeOnly
from shared.market.own import Own, OwnRole
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import job, letter, offer
from tests.unit.services.api.test_crash_points import Death, everywhere
from tests.unit.services.api.test_submit_once import OvertakenAccounts, OvertakenJobs, SlowAccounts

HELD_ONCE = (976_900, 23_100, 0)


async def refused_meanwhile(market: Market) -> None:
    """A repetition takes the claim over and is refused, as the book of its process has nobody just then."""
    market.clock.move(LEASE + timedelta(seconds=1))
    market.book.refresh([], [], known=market.book.ids)
    with pytest.raises(NoHealthySellers):
        await market.submit("k")
    market.book.put(Entry(market.offer, 1))


async def test_a_handler_whose_repetition_was_refused_makes_the_job_that_a_further_one_is_given() -> None:
    """The slow one once made the job all the same, and the next repetition made a second one."""
    market = Market()
    market.accounts = SlowAccounts(lambda: refused_meanwhile(market))
    await assert_made_once(market)


async def test_the_same_holds_where_the_slow_handler_has_its_hold_already() -> None:
    market = Market()
    market.jobs = OvertakenJobs(lambda: refused_meanwhile(market))
    await assert_made_once(market)


async def assert_made_once(market: Market) -> None:
    """Two orders under one key, the first of them slow, are one job with one hold."""
    await market.open()
    slow, again = await market.submit("k"), await market.submit("k")
    assert slow.job.id == again.job.id
    assert [job.id for job in market.jobs.all()] == [slow.job.id]
    assert await market.figures() == HELD_ONCE


async def test_a_repetition_that_is_refused_after_the_slow_handler_was_done_is_given_its_job() -> None:
    market, named = Market(), new_id()

    async def done_meanwhile() -> None:
        await market.jobs.insert(job(id=named, buyer_id=market.buyer.id), letter())

    market.accounts = OvertakenAccounts(done_meanwhile)
    await market.open()
    await market.requests.claim(market.buyer.id, "k", fingerprint="f", job_id=named)
    market.clock.move(LEASE + timedelta(seconds=1))
    accepted = await market.submit("k")
    assert (accepted.job.id, accepted.replayed) == (named, True)
    assert (await market.submit("k")).job == accepted.job


class HeldTooLate(Market):
    """A slow handler holds when a repetition's job, which could cost nothing, is over already."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts = SlowAccounts(self.over_meanwhile)

    async def over_meanwhile(self) -> None:
        self.clock.move(LEASE + timedelta(seconds=1))
        self.book.refresh([], [], known=self.book.ids)
        own = offer(seller_id=self.buyer.id, terms=FeeOnly(), own=Own(OwnRole.FALLBACK))
        self.book.put(Entry(own, 1))
        free = (await self.submit("k")).job
        assert not free.max_cost
        await cancel_job(free.id, ByKey(self.buyer.id), world=self.canceling)


async def test_a_hold_that_comes_after_a_job_that_cost_nothing_leaves_no_trace_in_the_books() -> None:
    market = HeldTooLate()
    await market.open()
    assert (await market.submit("k")).replayed
    assert await market.figures() == (1_000_000, 0, 0)
    assert (await market.audit()).differences == []


async def test_nor_does_it_when_its_handler_dies_over_it() -> None:
    async def scenario(death: Death) -> None:
        market = HeldTooLate()
        await market.open()
        await death.of(lambda doomed: doomed.submit("k"), market)
        assert (await market.audit()).differences == []
        await market.sweep(after=timedelta(seconds=61))
        assert await market.figures() == (1_000_000, 0, 0)
        assert (await market.audit()).differences == []

    await everywhere(scenario)
