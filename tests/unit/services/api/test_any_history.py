"""Any history of orders, news, wishes, deaths and sweeps: money adds up, and every job ends once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.api.domain.reader import ByKey
from services.api.domain.refusals import Refusal
from services.api.handlers.cancel_job import cancel_job
from services.api.handlers.end_unroutable import end_unroutable
from services.api.handlers.note_running import note_running
from shared.contracts.job_events import Ending, JobRunning, JobUnroutable
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.errors import Transient
from tests.unit.services.api.dying import Died, Plan, dying
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import AT, attempt

T = TypeVar("T")

RANK = {JobStatus.QUEUED: 0, JobStatus.SUBMITTED: 1, JobStatus.RUNNING: 2}
PLANS = st.none() | st.builds(Plan, st.integers(1, 12), st.booleans())
ATTEMPTS = st.integers(1, 3)


class AnyHistory(RuleBasedStateMachine):
    """One buyer's market, in which any process may die at any call."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.market = self.run(Market().open())
        self.seen: dict[str, JobRecord] = {}

    def teardown(self) -> None:
        self.market.post.broken = False
        self.run(self.market.sweep(after=timedelta(minutes=20)))
        self.run(self.market.sweep(after=timedelta(minutes=2)))
        assert all(job.ended for job in self.jobs)
        assert self.run(self.market.figures())[1] == 0, "nothing is held any more"
        assert self.run(self.said_endings()) == {job.id: 1 for job in self.jobs}
        self.runner.close()

    @property
    def jobs(self) -> list[JobRecord]:
        return self.market.jobs.all()

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    async def said_endings(self) -> dict[str, int]:
        """How many different endings were said of each job."""
        said = {
            (event.subject, event.event_id) for event in await self.market.post.arrive() if isinstance(event, Ending)
        }
        return {job_id: sum(subject == job_id for subject, _ in said) for job_id, _ in said}

    def someone(self, plan: Plan | None) -> Market:
        """The market as a process sees it that may die."""
        return self.market if plan is None else dying(self.market, plan)

    def tried(self, plan: Plan | None, work: Awaitable[object]) -> None:
        try:
            self.run(work)
        except (Died, Transient):
            pass
        finally:
            if plan is not None:
                plan.over = True

    @initialize()
    def begin(self) -> None:
        self.run(self.market.submit())

    @rule(key=st.none() | st.sampled_from("ab"), plan=PLANS)
    def order(self, key: str | None, plan: Plan | None) -> None:
        try:
            self.tried(plan, self.someone(plan).submit(key))
        except Refusal as refused:
            assert refused.code in {"service_unavailable", "insufficient_balance"}

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), number=ATTEMPTS)
    def route(self, data: st.DataObject, number: int) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        if not job.ended and job.cancel_requested_at is None:
            self.market.attempts.put(attempt(job.id, number))
            self.market.attempts.put(attempt(job.id))
            self.run(self.market.jobs.note_routed(job.id, number))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), number=ATTEMPTS)
    def hear_running(self, data: st.DataObject, number: int) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        news = JobRunning(job_id=job.id, kind="music", attempt=number, started_at=AT, expected_seconds=9)
        self.run(note_running(news, jobs=self.market.jobs))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), plan=PLANS)
    def hear_stored(self, data: st.DataObject, plan: Plan | None) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        if self.run(self.market.attempts.attempted([job.id])):
            self.tried(plan, self.someone(plan).deliver(job.id))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), plan=PLANS, code=st.sampled_from(["provider_error", "expired", "canceled"]))
    def hear_unroutable(self, data: st.DataObject, plan: Plan | None, code: str) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        news = JobUnroutable(job_id=job.id, kind="music", attempts=1, code=code, message="m")
        self.tried(plan, end_unroutable(news, world=self.someone(plan).settling))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), plan=PLANS)
    def cancel(self, data: st.DataObject, plan: Plan | None) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        self.tried(plan, cancel_job(job.id, ByKey(job.buyer_id), world=self.someone(plan).canceling))

    @rule(seconds=st.sampled_from([1, 6, 31, 61, 400]), plan=PLANS)
    def sweep(self, seconds: int, plan: Plan | None) -> None:
        self.tried(plan, self.someone(plan).sweep(after=timedelta(seconds=seconds)))

    @rule(broken=st.booleans())
    def broker(self, broken: bool) -> None:
        self.market.post.broken = broken

    @invariant()
    def the_money_adds_up(self) -> None:
        audit = self.run(self.market.audit())
        assert audit.differences == []

    @invariant()
    def status_never_moves_back_and_an_ended_job_never_changes_its_ending(self) -> None:
        for job in self.jobs:
            before = self.seen.get(job.id)
            if before is not None and before.ended:
                assert (job.status, job.error, job.buyer_cost) == (before.status, before.error, before.buyer_cost)
            elif before is not None and not job.ended:
                assert RANK[job.status] >= RANK[before.status]
            self.seen[job.id] = job

    @invariant()
    def nothing_costs_more_than_its_maximum(self) -> None:
        assert all(job.buyer_cost is None or job.buyer_cost <= job.max_cost for job in self.jobs)


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
