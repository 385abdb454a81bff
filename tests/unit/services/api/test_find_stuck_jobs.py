"""What an operator is shown: jobs that no sweep has moved in time."""

from __future__ import annotations

from dataclasses import replace

from services.api.adapters.memory_jobs import MemoryJobs
from services.api.handlers.find_stuck_jobs import BY_RIGHTS, find_stuck_jobs
from shared.contracts.records.job import SettlementStatus
from shared.market.kinds import KINDS, MUSIC
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT, delivered, job, letter


async def test_a_job_is_stuck_when_the_sweeps_have_had_their_time() -> None:
    clock, jobs, live = StoppedClock(AT), MemoryJobs(), job()
    await jobs.insert(live, letter())
    allowed = live.expires_at - clock.now() + MUSIC.end_grace + BY_RIGHTS
    await clock.sleep(allowed.total_seconds())
    assert await find_stuck_jobs(jobs=jobs, kinds=KINDS, clock=clock) == []
    await clock.sleep(1)
    (stuck,) = await find_stuck_jobs(jobs=jobs, kinds=KINDS, clock=clock)
    assert (stuck.job.id, stuck.why) == (live.id, "not ended in time")


async def test_money_that_does_not_move_is_shown_until_it_does() -> None:
    clock, jobs, live = StoppedClock(AT), MemoryJobs(), job()
    await jobs.insert(live, letter())
    await jobs.end(live.id, replace(delivered(), at=clock.now()))
    await clock.sleep(BY_RIGHTS.total_seconds() + 1)
    (stuck,) = await find_stuck_jobs(jobs=jobs, kinds=KINDS, clock=clock)
    assert (stuck.job.id, stuck.why) == (live.id, "not settled")
    await jobs.confirm(live.id, SettlementStatus.CONFIRMED, letter())
    assert await find_stuck_jobs(jobs=jobs, kinds=KINDS, clock=clock) == []
