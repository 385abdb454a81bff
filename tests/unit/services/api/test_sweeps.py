"""Sweeps: whatever was left half done is finished, and what is well is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.api.adapters.memory_jobs import MemoryJobs
from services.api.domain.account import Hold
from services.api.domain.ledger import credit_entry
from services.api.domain.outbox import Unsent
from services.api.handlers.add_credit import Crediting, add_credit, drive_credits
from services.api.handlers.relay_letters import BATCH, relay_letters
from services.api.handlers.release_hold import release_hold
from shared.contracts.job_events import JobCreated, JobExpired, JobSucceeded
from shared.contracts.records.job import JobStatus
from shared.kernel.errors import Transient
from shared.kernel.money import Money
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import AT, account, attempt, delivered

ALL = (1_000_000, 0, 0)
GRACE = timedelta(seconds=931)


@pytest.fixture
async def market() -> Market:
    return await Market().open()


def crediting(market: Market) -> Crediting:
    return Crediting(market.accounts, market.ledger, market.clock)


async def test_a_job_that_has_not_ended_in_time_expires_and_is_free(market: Market) -> None:
    job = await market.routed()
    said = await market.sweep(after=GRACE)
    ended = await market.jobs.find(job.id)
    assert ended is not None
    assert ended.error is not None
    assert (ended.status, ended.error.code) == (JobStatus.EXPIRED, "expired")
    assert JobExpired in {type(event) for event in said}
    assert await market.figures() == ALL


async def test_a_job_that_nobody_ever_took_expires_before_submission(market: Market) -> None:
    job = (await market.submit()).job
    await market.sweep(after=GRACE)
    ended = await market.jobs.find(job.id)
    assert ended is not None
    assert ended.error is not None
    assert ended.error.code == "expired_before_submission"


async def test_a_job_is_given_its_grace(market: Market) -> None:
    job = await market.routed()
    await market.sweep(after=timedelta(seconds=930))
    live = await market.jobs.find(job.id)
    assert live is not None
    assert not live.ended


async def test_a_settlement_that_was_left_pending_is_driven_on(market: Market) -> None:
    job = await market.routed()
    await market.jobs.end(job.id, delivered())
    said = await market.sweep(after=timedelta(seconds=6))
    assert await market.figures() == (979_000, 0, 21_000)
    assert JobSucceeded in {type(event) for event in said}
    assert await market.sweep(after=timedelta(seconds=6)) == said


async def test_a_settlement_that_moved_the_money_and_died_moves_no_more(market: Market) -> None:
    job = await market.routed()
    await market.jobs.end(job.id, delivered())
    await market.accounts.settle(job.buyer_id, job.id, job.created_at, captured=Money(21_000), released=Money(2_100))
    await market.sweep(after=timedelta(seconds=6))
    assert await market.figures() == (979_000, 0, 21_000)


async def test_a_queued_job_that_nobody_attempts_is_said_again(market: Market) -> None:
    await market.submit()
    await market.post.arrive()
    said = await market.sweep(after=timedelta(seconds=31))
    assert [type(event) for event in said] == [JobCreated, JobCreated]
    assert said[0].event_id == said[1].event_id


async def test_a_queued_job_with_an_attempt_is_the_routers_and_not_said_again(market: Market) -> None:
    job = (await market.submit()).job
    market.attempts.put(attempt(job.id))
    await market.post.arrive()
    assert len(await market.sweep(after=timedelta(seconds=31))) == 1


async def test_letters_that_the_broker_did_not_take_are_brought_in_one_round_when_it_does() -> None:
    rich = await Market(account(credited=Money(10**9), available=Money(10**9))).open()
    rich.post.broken = True
    for _ in range(2 * BATCH + 1):
        await rich.submit()
    with pytest.raises(Transient):
        await rich.sweep(after=timedelta(seconds=6))
    assert await rich.jobs.backlog(10_000) == 2 * BATCH + 1
    rich.post.broken = False
    rich.clock.move(timedelta(seconds=6))
    await relay_letters(outboxes=[rich.jobs], post=rich.post, clock=rich.clock)
    assert len({said.event_id for said in rich.post.said}) == 2 * BATCH + 1
    assert await rich.jobs.backlog(10_000) == 0


async def test_letters_of_one_sort_that_nobody_takes_keep_no_other_sort_waiting(market: Market) -> None:
    await market.submit()
    stuck = Stuck()
    market.clock.move(timedelta(seconds=6))
    with pytest.raises(Transient):
        await relay_letters(outboxes=[stuck, market.jobs], post=market.post, clock=market.clock)
    assert await market.jobs.backlog(1) == 0


class Stuck(MemoryJobs):
    """Letters that cannot even be read."""

    async def unsent(self, before: datetime, limit: int) -> list[Unsent]:
        raise Transient("not now")


async def test_a_hold_without_a_job_is_released_after_half_a_minute(market: Market) -> None:
    await market.accounts.hold(market.buyer.id, "lost", Money(500), AT)
    await market.sweep(after=timedelta(seconds=30))
    held = await market.accounts.find(market.buyer.id)
    assert held is not None
    assert held.held == Money(500)
    await market.sweep(after=timedelta(seconds=1))
    assert await market.figures() == ALL
    assert [entry.id for entry in market.entries][1:] == ["lost:hold", "lost:release"]


async def test_a_release_that_died_after_the_ledger_is_finished(market: Market) -> None:
    await market.accounts.hold(market.buyer.id, "lost", Money(500), AT)
    await market.jobs.void("lost", AT)
    await release_hold(
        market.buyer.id, "lost", Hold(Money(500), AT), AT, accounts=Market().accounts, ledger=market.ledger
    )
    await market.sweep(after=timedelta(seconds=61))
    assert await market.figures() == ALL


async def test_a_hold_with_a_job_behind_it_is_left_alone(market: Market) -> None:
    await market.routed()
    await market.sweep(after=timedelta(seconds=61))
    assert await market.figures() == (976_900, 23_100, 0)


async def test_a_hold_taken_again_for_a_settled_job_is_released(market: Market) -> None:
    job = await market.routed()
    await market.deliver(job.id)
    await market.accounts.hold(market.buyer.id, job.id, job.max_cost, AT + timedelta(seconds=1))
    await market.sweep(after=timedelta(seconds=61))
    assert await market.figures() == (979_000, 0, 21_000)


async def test_a_settlement_that_is_driven_on_never_takes_a_hold_that_a_slow_handler_took_meanwhile(
    market: Market,
) -> None:
    """It was once captured a second time: the two holds had the same name and the same amount."""
    job = await market.routed()
    await market.jobs.end(job.id, delivered())
    own = job.created_at
    await market.accounts.settle(job.buyer_id, job.id, own, captured=Money(21_000), released=Money(2_100))
    await market.accounts.hold(job.buyer_id, job.id, job.max_cost, AT + timedelta(seconds=4))
    assert (await market.audit()).difference == 0
    await market.sweep(after=timedelta(seconds=6))
    late = await market.accounts.find(job.buyer_id)
    assert late is not None
    assert (late.spent, late.held) == (Money(21_000), job.max_cost)
    await market.sweep(after=timedelta(seconds=61))
    assert await market.figures() == (979_000, 0, 21_000)


async def test_a_credit_whose_handler_died_before_the_account_is_carried_out_once(market: Market) -> None:
    entry = credit_entry(market.buyer.id, Money(5), "invoice 7", AT)
    await market.ledger.open_credit(entry)
    market.clock.move(timedelta(seconds=6))
    await drive_credits(world=crediting(market))
    await add_credit(market.buyer.id, Money(5), "invoice 7", world=crediting(market))
    assert await market.figures() == (1_000_005, 0, 0)


async def test_a_credit_whose_handler_died_after_the_account_is_not_given_twice(market: Market) -> None:
    entry = credit_entry(market.buyer.id, Money(5), "invoice 7", AT)
    await market.ledger.open_credit(entry)
    await market.accounts.credit(market.buyer.id, entry.id, entry.amount)
    market.clock.move(timedelta(seconds=6))
    await drive_credits(world=crediting(market))
    assert await market.figures() == (1_000_005, 0, 0)
    assert await market.ledger.open_credits(AT + timedelta(days=1), 5) == []
