"""Jobs: every change is a compare-and-set, and an ended job never moves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.domain.ending import Unpaid
from services.api.domain.job_page import JobPage
from services.api.domain.storing import AlreadyStored, Inserted, Voided
from services.api.ports import Jobs
from shared.contracts.records.job import JobError, JobRecord, JobStatus, Running, SettlementStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT, delivered, job, letter

LATER = AT + timedelta(minutes=1)
RUNNING = Running(AT, timedelta(seconds=20))


@pytest.fixture
async def jobs(database: Database | None) -> Jobs:
    if database is None:
        return MemoryJobs()
    stored = MongoJobs(database["jobs"])
    await stored.ensure_indexes()
    return stored


async def stored(jobs: Jobs, made: JobRecord | None = None) -> JobRecord:
    made = made or job()
    assert await jobs.insert(made, letter()) == Inserted()
    await jobs.pull(made.id, "e1")
    return made


async def found(jobs: Jobs, job_id: str) -> JobRecord:
    known = await jobs.find(job_id)
    assert known is not None
    return known


def failed(status: JobStatus = JobStatus.FAILED, attempts: int = 1) -> Unpaid:
    return Unpaid(LATER, status, JobError("provider_error", "it broke"), attempts)


async def test_a_job_comes_back_as_it_was_stored(jobs: Jobs) -> None:
    made = job(metadata='{"$where": 1, "a.b": 2}', webhook_url="https://x.example/", minimum_discount=20)
    await stored(jobs, made)
    assert await jobs.find(made.id) == made


async def test_the_same_id_is_stored_once(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.insert(replace(made, fee_bps=5), letter()) == AlreadyStored(made)


async def test_of_many_inserts_at_once_one_wins(jobs: Jobs) -> None:
    made = job()
    outcomes = await asyncio.gather(*(jobs.insert(made, letter()) for _ in range(8)))
    assert outcomes.count(Inserted()) == 1
    assert outcomes.count(AlreadyStored(made)) == 7


async def test_a_void_id_never_becomes_a_job(jobs: Jobs) -> None:
    made = job()
    assert await jobs.void(made.id, AT) is None
    assert await jobs.void(made.id, AT) is None, "voiding again is no news"
    assert await jobs.insert(made, letter()) == Voided()
    assert await jobs.find(made.id) is None
    assert await jobs.find_of(made.buyer_id, made.id) is None
    assert await jobs.known([made.id]) == {}


async def test_a_stored_job_cannot_be_voided(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.void(made.id, AT) == made
    assert await jobs.find(made.id) == made


async def test_a_job_is_found_only_by_its_own_buyer(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.find_of(made.buyer_id, made.id) == made
    assert await jobs.find_of(new_id(), made.id) is None


async def test_pages_show_a_buyers_own_jobs_newest_first(jobs: Jobs) -> None:
    mine = job()
    older = [await stored(jobs, job(buyer_id=mine.buyer_id, created_at=AT - timedelta(hours=n))) for n in range(4)]
    await stored(jobs)
    first = await jobs.page_of(mine.buyer_id, JobPage(2))
    assert [each.id for each in first] == [older[0].id, older[1].id]
    rest = await jobs.page_of(mine.buyer_id, JobPage(5, (first[-1].created_at, first[-1].id)))
    assert [each.id for each in rest] == [older[2].id, older[3].id]


async def test_jobs_of_one_instant_are_paged_without_gap_or_repeat(jobs: Jobs) -> None:
    buyer = new_id()
    made = {(await stored(jobs, job(buyer_id=buyer))).id for _ in range(5)}
    seen: list[str] = []
    page = JobPage(2)
    while part := await jobs.page_of(buyer, page):
        seen += [each.id for each in part]
        page = JobPage(2, (part[-1].created_at, part[-1].id))
    assert len(seen) == 5
    assert set(seen) == made


async def test_pages_can_show_one_status_only(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.page_of(made.buyer_id, JobPage(5, status=JobStatus.RUNNING)) == []
    assert await jobs.page_of(made.buyer_id, JobPage(5, status=JobStatus.QUEUED)) == [made]


async def test_known_are_the_jobs_among_some_ids(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.known([made.id, new_id()]) == {made.id: made}
    assert await jobs.known([]) == {}


async def test_routing_submits_a_queued_job_and_counts_the_attempt(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.note_routed(made.id, 1)
    assert await jobs.find(made.id) == replace(made, status=JobStatus.SUBMITTED, attempts=1)
    assert not await jobs.note_routed(made.id, 1)


async def test_a_second_attempt_starts_progress_again_and_never_moves_status_back(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.note_running(made.id, 1, RUNNING)
    assert await jobs.note_routed(made.id, 2)
    assert await jobs.find(made.id) == replace(made, status=JobStatus.RUNNING, attempts=2)
    assert not await jobs.note_running(made.id, 1, RUNNING), "that attempt is superseded"
    assert await jobs.note_running(made.id, 2, RUNNING)


async def test_running_is_noted_once_an_attempt_even_before_its_routing_is_heard(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.note_running(made.id, 1, RUNNING)
    assert not await jobs.note_running(made.id, 1, Running(LATER, None))
    assert not await jobs.note_routed(made.id, 1)
    assert await jobs.find(made.id) == replace(made, status=JobStatus.RUNNING, attempts=1, running=RUNNING)


async def test_running_after_routing_of_the_same_attempt_is_news(jobs: Jobs) -> None:
    made = await stored(jobs)
    await jobs.note_routed(made.id, 1)
    assert await jobs.note_running(made.id, 1, Running(LATER, None))
    assert (await found(jobs, made.id)).running == Running(LATER, None)


async def test_a_cancel_request_is_noted_once(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.request_cancel(made.id, LATER, letter("c"))
    assert not await jobs.request_cancel(made.id, AT, letter("d"))
    assert await jobs.find(made.id) == replace(made, cancel_requested_at=LATER)
    assert [each.event_id for unsent in await jobs.unsent(LATER, 5) for each in unsent.letters] == ["c"]


async def test_a_delivered_job_keeps_what_was_delivered_and_for_how_much(jobs: Jobs) -> None:
    made = await stored(jobs)
    ending = delivered()
    ended = await jobs.end(made.id, ending)
    assert ended == await jobs.find(made.id)
    assert ended == replace(
        made,
        status=JobStatus.SUCCEEDED,
        results=ending.results,
        winner=ending.winner,
        seller_cost=Money(21_000),
        buyer_cost=Money(21_000),
        ended_at=AT,
    )


async def test_an_ended_job_takes_no_other_ending_and_no_other_news(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert await jobs.end(made.id, failed())
    ended = await found(jobs, made.id)
    assert not await jobs.end(made.id, delivered())
    assert not await jobs.note_routed(made.id, 3)
    assert not await jobs.note_running(made.id, 3, RUNNING)
    assert not await jobs.request_cancel(made.id, LATER, letter("c"))
    assert await jobs.find(made.id) == ended


async def test_of_many_endings_at_once_one_wins(jobs: Jobs) -> None:
    made = await stored(jobs)
    outcomes = await asyncio.gather(*(jobs.end(made.id, failed()) for _ in range(8)))
    assert sum(outcome is not None for outcome in outcomes) == 1


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.EXPIRED])
async def test_after_a_cancel_request_a_job_without_audio_can_only_be_canceled(jobs: Jobs, status: JobStatus) -> None:
    made = await stored(jobs)
    await jobs.request_cancel(made.id, AT, letter("c"))
    assert not await jobs.end(made.id, failed(status))
    assert await jobs.end(made.id, failed(JobStatus.CANCELED))


async def test_after_a_cancel_request_audio_is_still_delivered(jobs: Jobs) -> None:
    made = await stored(jobs)
    await jobs.request_cancel(made.id, AT, letter("c"))
    assert await jobs.end(made.id, delivered())


async def test_an_ending_never_lowers_the_count_of_attempts(jobs: Jobs) -> None:
    made = await stored(jobs)
    await jobs.note_routed(made.id, 3)
    await jobs.end(made.id, failed(attempts=1))
    assert (await found(jobs, made.id)).attempts == 3


async def test_the_ending_is_kept_to_be_said_in_the_write_that_confirms_it(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert not await jobs.confirm(made.id, SettlementStatus.RELEASED, letter("x")), "it has not ended"
    await jobs.end(made.id, failed())
    assert await jobs.confirm(made.id, SettlementStatus.RELEASED, letter("end"))
    assert not await jobs.confirm(made.id, SettlementStatus.CONFIRMED, letter("y"))
    assert (await found(jobs, made.id)).settlement_status is SettlementStatus.RELEASED
    assert [each.event_id for unsent in await jobs.unsent(LATER, 5) for each in unsent.letters] == ["end"]


async def test_a_result_expires_once(jobs: Jobs) -> None:
    made = await stored(jobs)
    assert not await jobs.expire_result(made.id, 0)
    await jobs.end(made.id, delivered())
    assert await jobs.expire_result(made.id, 0)
    assert not await jobs.expire_result(made.id, 0)
    assert not await jobs.expire_result(made.id, 1)
    assert (await found(jobs, made.id)).results[0].expired
