"""Jobs that a sweep must find: half settled, overdue, quiet, or with letters unsent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.domain.ending import Unpaid
from services.api.domain.storing import Inserted
from services.api.ports import Jobs
from shared.contracts.records.job import JobError, JobRecord, JobStatus, SettlementStatus
from shared.kernel.ids import new_id
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT, job, letter

LATER = AT + timedelta(minutes=1)
FAILED = Unpaid(LATER, JobStatus.FAILED, JobError("provider_error", "it broke"), 1)


@pytest.fixture
async def jobs(database: Database | None) -> Jobs:
    if database is None:
        return MemoryJobs()
    kept = MongoJobs(database["jobs"])
    await kept.ensure_indexes()
    return kept


async def stored(jobs: Jobs, made: JobRecord | None = None) -> JobRecord:
    made = made or job()
    assert await jobs.insert(made, letter()) == Inserted()
    await jobs.pull(made.id, "e1")
    return made


async def test_unsettled_are_ended_jobs_whose_money_has_not_moved(jobs: Jobs) -> None:
    live, ended, settled = [await stored(jobs) for _ in range(3)]
    await jobs.void(new_id(), AT)
    for each in (ended, settled):
        await jobs.end(each.id, FAILED)
    await jobs.confirm(settled.id, SettlementStatus.RELEASED, letter("x"))
    assert await jobs.unsettled(LATER, 5) == []
    assert [each.id for each in await jobs.unsettled(LATER + timedelta(seconds=1), 5)] == [ended.id]
    assert live.id != ended.id


async def test_overdue_are_live_jobs_past_their_deadline_oldest_first(jobs: Jobs) -> None:
    young = await stored(jobs)
    old = await stored(jobs, job(expires_at=AT))
    oldest = await stored(jobs, job(expires_at=AT - timedelta(minutes=1)))
    ended = await stored(jobs, job(expires_at=AT))
    await jobs.end(ended.id, FAILED)
    assert [each.id for each in await jobs.overdue("music", AT + timedelta(seconds=1), 5)] == [oldest.id, old.id]
    assert await jobs.overdue("video", young.expires_at + timedelta(days=1), 5) == []


async def test_a_queued_job_is_quiet_after_half_a_minute_and_then_ever_later(jobs: Jobs) -> None:
    made = await stored(jobs)
    half = AT + timedelta(seconds=30)
    tick = timedelta(milliseconds=1)
    assert await jobs.quiet(half, 5) == []
    assert await jobs.quiet(half + tick, 5) == [made]
    assert await jobs.say_again(made.id, half + tick, letter("again"))
    assert not await jobs.say_again(made.id, half + tick, letter("again")), "another sweep was quicker"
    await jobs.pull(made.id, "again")
    assert await jobs.quiet(half + tick + timedelta(seconds=60), 5) == []
    assert await jobs.quiet(half + 2 * tick + timedelta(seconds=60), 5) == [made]


async def test_a_job_with_an_unsent_letter_or_a_provider_is_not_quiet(jobs: Jobs) -> None:
    unsent, submitted = job(), await stored(jobs)
    await jobs.insert(unsent, letter())
    await jobs.note_routed(submitted.id, 1)
    assert await jobs.quiet(AT + timedelta(hours=1), 5) == []


async def test_a_job_that_was_put_off_is_quiet_again_later(jobs: Jobs) -> None:
    made = await stored(jobs)
    await jobs.put_off(made.id, LATER)
    assert await jobs.quiet(LATER + timedelta(seconds=59), 5) == []
    assert await jobs.quiet(LATER + timedelta(seconds=61), 5) == [made]


async def test_the_oldest_is_the_live_job_whose_time_is_up_first(jobs: Jobs) -> None:
    assert await jobs.oldest() is None
    ended = await stored(jobs, job(created_at=AT - timedelta(hours=1), expires_at=AT - timedelta(minutes=45)))
    await jobs.end(ended.id, FAILED)
    await stored(jobs)
    await stored(jobs, job(created_at=AT - timedelta(minutes=1), expires_at=AT + timedelta(minutes=14)))
    await jobs.void(new_id(), AT - timedelta(hours=2))
    assert await jobs.oldest() == AT - timedelta(minutes=1)


async def test_the_backlog_is_the_jobs_with_letters_as_far_as_it_is_counted(jobs: Jobs) -> None:
    assert await jobs.backlog(5) == 0
    await stored(jobs)
    for _ in range(3):
        await jobs.insert(job(), letter())
    assert (await jobs.backlog(5), await jobs.backlog(2)) == (3, 2)


async def test_letters_wait_until_they_are_pulled_oldest_first(jobs: Jobs) -> None:
    second, first = job(), job()
    await jobs.insert(second, letter("b", AT))
    await jobs.insert(first, letter("a", AT - timedelta(minutes=1)))
    assert await jobs.unsent(AT - timedelta(hours=1), 5) == []
    assert [each.document_id for each in await jobs.unsent(LATER, 5)] == [first.id, second.id]
    assert [each.document_id for each in await jobs.unsent(LATER, 1)] == [first.id]
    assert (await jobs.unsent(LATER, 1))[0].letters == (letter("a", AT - timedelta(minutes=1)),)
    await jobs.pull(first.id, "a")
    await jobs.pull(first.id, "a")
    assert [each.document_id for each in await jobs.unsent(LATER, 5)] == [second.id]


async def test_a_letter_is_taken_up_by_one_sweep_and_goes_behind_the_others(jobs: Jobs) -> None:
    first, second = job(), job()
    await jobs.insert(first, letter("a", AT - timedelta(minutes=2)))
    await jobs.insert(second, letter("b", AT - timedelta(minutes=1)))
    (unsent, _) = await jobs.unsent(AT, 5)
    assert await jobs.take_up(first.id, unsent.letters[0], AT)
    assert not await jobs.take_up(first.id, unsent.letters[0], AT), "another sweep has it"
    assert not await jobs.take_up(second.id, letter("c"), AT), "there is no such letter"
    assert [each.document_id for each in await jobs.unsent(AT, 5)] == [second.id]
    assert [each.document_id for each in await jobs.unsent(LATER, 5)] == [second.id, first.id]
