"""Wherever a process dies, before or after any call it makes, sweeps and repetitions bring everything to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TypeAlias

import pytest

from services.api.domain.reader import ByKey
from services.api.handlers.cancel_job import cancel_job
from services.api.handlers.end_unroutable import end_unroutable
from shared.contracts.job_events import Ending, JobCreated, JobSucceeded, JobUnroutable
from shared.contracts.records.job import JobRecord
from tests.kit.crashes import Died, Fate
from tests.unit.services.api.crashing import doomed
from tests.unit.services.api.market import Market, balance

LEAST_CALLS = 4
ALL = (1_000_000, 0, 0)
PAID = (979_000, 0, 21_000)
LONG = timedelta(seconds=61)
GRACE = timedelta(seconds=931)

Scenario: TypeAlias = Callable[["Death"], Awaitable[None]]


@dataclass
class Death:
    """Where the process dies in one run of a scenario, and whether it came so far."""

    at: int
    after: bool
    came: bool = False

    async def of(self, work: Callable[[Market], Awaitable[object]], market: Market) -> None:
        """Run ``work`` in a process that dies there."""
        fate = Fate(self.at, self.after)
        try:
            await work(doomed(market, fate))
        except Died:
            self.came = True
        fate.over = True


async def everywhere(scenario: Scenario) -> None:
    """Run the scenario with a death before and after every single call that its work makes."""
    for after in (False, True):
        for at in count(1):
            death = Death(at, after)
            await scenario(death)
            if not death.came:
                assert at > LEAST_CALLS, "the work makes some calls"
                break


async def all_jobs(market: Market) -> list[JobRecord]:
    return market.jobs.all()


async def difference(market: Market) -> int:
    """What the audit finds, whatever the dead process left half done."""
    return (await market.audit()).difference


async def endings(market: Market) -> set[tuple[str, str]]:
    return {(e.event_id, e.TYPE) for e in await market.post.arrive() if isinstance(e, Ending)}


async def test_a_submit_that_died_is_finished_or_undone_by_the_sweeps() -> None:
    async def scenario(death: Death) -> None:
        market = await Market().open()
        await death.of(lambda someone: someone.submit("k", webhook_url="https://x.example"), market)
        assert await difference(market) == 0
        await market.sweep(after=LONG)
        jobs = await all_jobs(market)
        held = sum(job.max_cost.micros for job in jobs)
        assert await market.figures() == (1_000_000 - held, held, 0), "every hold has its job and every job its hold"
        if jobs:
            assert {event.subject for event in market.post.said if isinstance(event, JobCreated)} == {jobs[0].id}
        await market.sweep(after=GRACE)
        await market.sweep(after=LONG)
        assert await market.figures() == ALL
        assert len(await endings(market)) == len(jobs)

    await everywhere(scenario)


async def test_a_submit_that_died_and_is_repeated_is_one_job() -> None:
    async def scenario(death: Death) -> None:
        market = await Market().open()
        await death.of(lambda someone: someone.submit("k"), market)
        assert await difference(market) == 0
        accepted = await market.submit("k")
        assert [job.id for job in await all_jobs(market)] == [accepted.job.id]
        assert await market.figures() == (976_900, 23_100, 0)
        await market.sweep(after=LONG)
        assert await market.figures() == (976_900, 23_100, 0)
        assert {event.subject for event in market.post.said if isinstance(event, JobCreated)} == {accepted.job.id}

    await everywhere(scenario)


@pytest.mark.parametrize("redelivered", [False, True])
async def test_a_success_that_died_is_paid_once_and_said(redelivered: bool) -> None:
    async def scenario(death: Death) -> None:
        market = await Market().open()
        job = await market.routed()
        await death.of(lambda someone: someone.deliver(job.id), market)
        assert await difference(market) == 0
        if redelivered or not (await all_jobs(market))[0].ended:
            await market.deliver(job.id)
        await market.sweep(after=LONG)
        assert await market.figures() == PAID
        assert balance(market.entries, "seller_payable:s1") == 21_000
        assert [kind for _, kind in await endings(market)] == [JobSucceeded.TYPE]

    await everywhere(scenario)


async def test_a_failure_that_died_is_released_once_and_said() -> None:
    async def scenario(death: Death) -> None:
        market = await Market().open()
        job = await market.routed()
        fact = JobUnroutable(job_id=job.id, kind="music", attempts=1, code="provider_error", message="broken")

        async def end(someone: Market) -> None:
            await end_unroutable(fact, world=someone.settling, attempts=someone.attempts)

        await death.of(end, market)
        assert await difference(market) == 0
        await market.sweep(after=LONG)
        await end(market)
        assert await market.figures() == ALL
        assert len(await endings(market)) == 1

    await everywhere(scenario)


async def test_a_cancel_that_died_ends_canceled_when_it_is_repeated() -> None:
    async def scenario(death: Death) -> None:
        market = await Market().open()
        job = (await market.submit()).job
        reader = ByKey(job.buyer_id)
        await death.of(lambda someone: cancel_job(job.id, reader, world=someone.canceling), market)
        assert await difference(market) == 0
        assert (await cancel_job(job.id, reader, world=market.canceling)).status.value == "canceled"
        await market.sweep(after=LONG)
        assert await market.figures() == ALL
        assert len(await endings(market)) == 1

    await everywhere(scenario)


async def test_sweeps_that_died_are_finished_by_the_next() -> None:
    async def scenario(death: Death) -> None:
        market = await Market().open()
        await market.routed()
        await market.submit()
        await market.accounts.hold(
            market.buyer.id, "lost", market.buyer.available.scaled_down(1, 10), market.clock.now()
        )
        await death.of(lambda someone: someone.sweep(after=GRACE), market)
        assert await difference(market) == 0
        await market.sweep(after=LONG)
        await market.sweep(after=LONG)
        assert await market.figures() == ALL
        assert len(await endings(market)) == 2

    await everywhere(scenario)
