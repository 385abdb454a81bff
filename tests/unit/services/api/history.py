"""Any history of orders, credits, news, wishes, slow handlers, deaths and sweeps, over one buyer's market.

``AnyHistory`` is driven by hypothesis: in memory by ``test_any_history``, on MongoDB by the
contract tests.  After every step the books must agree, and at the end every job has ended once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.api.domain.ledger import EntryKind, LedgerEntry
from services.api.domain.reader import ByKey
from services.api.domain.refusals import Refusal
from services.api.handlers.add_credit import add_credit, drive_credits
from services.api.handlers.cancel_job import cancel_job
from services.api.handlers.end_unroutable import end_unroutable
from services.api.handlers.note_running import note_running
from shared.contracts.job_events import Ending, JobRunning, JobUnroutable
from shared.contracts.records.job import JobRecord, JobStatus, SettlementStatus
from shared.kernel.clock import in_millis
from shared.kernel.errors import Transient
from shared.kernel.money import Money
from tests.kit.crashes import Died, Fate
from tests.unit.services.api.crashing import doomed
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import AT, attempt

T = TypeVar("T")

RANK = {JobStatus.QUEUED: 0, JobStatus.SUBMITTED: 1, JobStatus.RUNNING: 2}
FATES = st.builds(Fate, st.integers(1, 14), st.booleans())
"""About every other process dies: most handlers make seven calls."""
ATTEMPTS = st.integers(1, 3)
CREDIT = Money(5)


class AnyHistory(RuleBasedStateMachine):
    """One buyer's market, in which any process may die at any call."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.market = self.run(self.opened())
        self.seen: dict[str, JobRecord] = {}

    async def opened(self) -> Market:
        """The market at the beginning."""
        return await Market().open()

    async def all_jobs(self) -> list[JobRecord]:
        """Every job there is."""
        return self.market.jobs.all()

    def teardown(self) -> None:
        try:
            self.run(self.end())
        finally:
            self.runner.close()

    async def end(self) -> None:
        """Let everybody live and every sweep do its work; then nothing is open any more."""
        self.market.post.broken = False
        for minutes in (20, 2, 2):
            await self.sweeps(self.market, timedelta(minutes=minutes))
        jobs = await self.all_jobs()
        assert all(job.ended and job.settlement_status is not SettlementStatus.PENDING for job in jobs)
        account = await self.market.accounts.find(self.market.buyer.id)
        assert account is not None
        assert (account.held, account.in_flight) == (Money(0), 0), "nothing is held any more"
        audit = await self.market.audit()
        assert (audit.differences, audit.in_transit) == ([], 0)
        assert account.spent == Money(sum(job.buyer_cost.micros for job in jobs if job.buyer_cost is not None))
        await self.assert_one_movement_each(jobs)
        assert await self.said_endings() == {job.id: 1 for job in jobs}

    async def assert_one_movement_each(self, jobs: list[JobRecord]) -> None:
        """What the ledger alone tells of each job: its hold became what the job says, and nothing is left of it."""
        entries = await self.market.ledger.page_of("buyer_id", self.market.buyer.id, after=None, limit=100_000)
        of_job: dict[str | None, dict[EntryKind, LedgerEntry]] = {}
        for entry in entries:
            assert of_job.setdefault(entry.job_id, {}).setdefault(entry.kind, entry) is entry or entry.job_id is None
        for job in jobs:
            moved = {kind: entry.amount.micros for kind, entry in of_job.get(job.id, {}).items()}
            held = moved.pop(EntryKind.HOLD)
            assert held == job.max_cost.micros == sum(moved.values())
            paid = 0 if job.buyer_cost is None else job.buyer_cost.micros
            assert moved.get(EntryKind.CAPTURE, 0) + moved.get(EntryKind.FEE, 0) == paid

    async def said_endings(self) -> dict[str, int]:
        """How many different endings were said of each job."""
        said = {
            (event.subject, event.event_id) for event in await self.market.post.arrive() if isinstance(event, Ending)
        }
        return {job_id: sum(subject == job_id for subject, _ in said) for job_id, _ in said}

    async def sweeps(self, market: Market, after: timedelta) -> None:
        await market.sweep(after=after)
        await drive_credits(world=market.crediting)

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    def one_of(self, data: st.DataObject) -> JobRecord:
        """Some job as it is now."""
        return self.seen[data.draw(st.sampled_from(sorted(self.seen, key=lambda each: self.seen[each].created_at)))]

    def someone(self, fate: Fate) -> Market:
        """The market as a process sees it that may die."""
        return doomed(self.market, fate)

    def tried(self, fate: Fate, work: Awaitable[object]) -> None:
        try:
            self.run(work)
        except (Died, Transient):
            pass
        finally:
            fate.over = True

    @initialize()
    def begin(self) -> None:
        self.run(self.market.submit())

    @rule(key=st.none() | st.sampled_from("ab"), fate=FATES)
    def order(self, key: str | None, fate: Fate) -> None:
        try:
            self.tried(fate, self.someone(fate).submit(key))
        except Refusal as refused:
            assert refused.code in {"service_unavailable", "insufficient_balance"}

    @rule(reference=st.sampled_from("xyz"), fate=FATES)
    def credit(self, reference: str, fate: Fate) -> None:
        world = self.someone(fate).crediting
        self.tried(fate, add_credit(self.market.buyer.id, CREDIT, reference, world=world))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), number=ATTEMPTS)
    def route(self, data: st.DataObject, number: int) -> None:
        job = self.one_of(data)
        if not job.ended and job.cancel_requested_at is None:
            self.market.attempts.put(attempt(job.id, number))
            self.market.attempts.put(attempt(job.id))
            self.run(self.market.jobs.note_routed(job.id, number))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), number=ATTEMPTS)
    def hear_running(self, data: st.DataObject, number: int) -> None:
        job = self.one_of(data)
        news = JobRunning(job_id=job.id, kind="music", attempt=number, started_at=AT, expected_seconds=9)
        self.run(note_running(news, jobs=self.market.jobs))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), fate=FATES)
    def hear_stored(self, data: st.DataObject, fate: Fate) -> None:
        job = self.one_of(data)
        if self.run(self.market.attempts.attempted([job.id])):
            self.tried(fate, self.someone(fate).deliver(job.id))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), fate=FATES, code=st.sampled_from(["provider_error", "expired", "canceled"]))
    def hear_unroutable(self, data: st.DataObject, fate: Fate, code: str) -> None:
        job = self.one_of(data)
        news = JobUnroutable(job_id=job.id, kind="music", attempts=1, code=code, message="m")
        someone = self.someone(fate)
        self.tried(fate, end_unroutable(news, world=someone.settling, attempts=someone.attempts))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), fate=FATES)
    def cancel(self, data: st.DataObject, fate: Fate) -> None:
        job = self.one_of(data)
        self.tried(fate, cancel_job(job.id, ByKey(job.buyer_id), world=self.someone(fate).canceling))

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def meet(self, data: st.DataObject) -> None:
        """Everything that can end a job happens to it at once."""
        job = self.one_of(data)
        self.market.attempts.put(attempt(job.id))
        failed = JobUnroutable(job_id=job.id, kind="music", attempts=1, code="provider_error", message="m")

        async def at_once() -> None:
            await asyncio.gather(
                self.market.deliver(job.id),
                end_unroutable(failed, world=self.market.settling, attempts=self.market.attempts),
                self.market.deliver(job.id),
                cancel_job(job.id, ByKey(job.buyer_id), world=self.market.canceling),
            )

        self.run(at_once())

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def hold_too_late(self, data: st.DataObject) -> None:
        """A handler that was overtaken long ago goes on, and holds for a job that another one made."""
        job = self.one_of(data)
        late = in_millis(self.market.clock.now()) + timedelta(milliseconds=1)
        self.run(self.market.accounts.hold(job.buyer_id, job.id, job.max_cost, late))

    @rule(seconds=st.sampled_from([1, 6, 31, 61, 400]), fate=FATES)
    def sweep(self, seconds: int, fate: Fate) -> None:
        self.tried(fate, self.sweeps(self.someone(fate), timedelta(seconds=seconds)))

    @rule(broken=st.booleans())
    def broker(self, broken: bool) -> None:
        self.market.post.broken = broken

    @invariant()
    def the_money_adds_up(self) -> None:
        assert self.run(self.market.audit()).differences == []

    @invariant()
    def status_never_moves_back_and_an_ended_job_never_changes_its_ending(self) -> None:
        for job in self.run(self.all_jobs()):
            before = self.seen.get(job.id)
            if before is not None and before.ended:
                assert (job.status, job.error, job.buyer_cost) == (before.status, before.error, before.buyer_cost)
            elif before is not None and not job.ended:
                assert RANK[job.status] >= RANK[before.status]
            self.seen[job.id] = job

    @invariant()
    def nothing_costs_more_than_its_maximum(self) -> None:
        assert all(job.buyer_cost is None or job.buyer_cost <= job.max_cost for job in self.seen.values())
