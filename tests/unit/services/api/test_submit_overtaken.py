"""Two handlers at one idempotency key: the one that is slow, and the one that takes it over and is refused."""

from __future__ import annotations

import pytest

from services.api.domain.claim import LEASE
from services.api.domain.refusals import NoHealthySellers
from shared.kernel.ids import new_id
from shared.market.book import Entry
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import job, letter
from tests.unit.services.api.test_submit_once import OvertakenAccounts, OvertakenJobs, SlowAccounts

HELD_ONCE = (976_900, 23_100, 0)


async def refused_meanwhile(market: Market) -> None:
    """A repetition takes the claim over and is refused, as the book of its process has nobody just then."""
    market.clock.passed += LEASE.total_seconds() + 1
    market.book.refresh([], [], known=market.book.ids)
    with pytest.raises(NoHealthySellers):
        await market.submit("k")
    market.book.put(Entry(market.offer, 1))


async def test_a_handler_whose_repetition_was_refused_makes_the_job_that_a_further_one_is_given() -> None:
    """The slow one once made the job all the same, and the next repetition made a second one."""
    market = Market()
    market.accounts = SlowAccounts(lambda: refused_meanwhile(market))
    await market.open()
    slow, again = await market.submit("k"), await market.submit("k")
    assert slow.job.id == again.job.id
    assert [job.id for job in market.jobs.all()] == [slow.job.id]
    assert await market.figures() == HELD_ONCE


async def test_the_same_holds_where_the_slow_handler_has_its_hold_already() -> None:
    market = Market()
    market.jobs = OvertakenJobs(lambda: refused_meanwhile(market))
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
    market.clock.passed += LEASE.total_seconds() + 1
    accepted = await market.submit("k")
    assert (accepted.job.id, accepted.replayed) == (named, True)
    assert (await market.submit("k")).job == accepted.job
