"""Endings: one of the four, once, with exactly the money it calls for, and said only when that has moved."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services.api.domain.reader import ByKey, ByToken
from services.api.domain.refusals import JobNotFound
from services.api.handlers.cancel_job import cancel_job
from services.api.handlers.end_unroutable import end_unroutable
from services.api.handlers.expire_result import expire_result
from services.api.handlers.note_routed import note_routed
from services.api.handlers.note_running import note_running
from shared.contracts.artifact_events import ArtifactExpired
from shared.contracts.event import Event
from shared.contracts.job_events import (
    JobCanceled,
    JobCancelRequested,
    JobExpired,
    JobFailed,
    JobRouted,
    JobRunning,
    JobSucceeded,
    JobUnroutable,
)
from shared.contracts.records.job import JobRecord, JobStatus, SettlementStatus
from shared.kernel.errors import DomainError
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from tests.unit.services.api.market import Market, balance
from tests.unit.services.api.samples import AT, attempt

ALL = (1_000_000, 0, 0)


@pytest.fixture
async def market() -> Market:
    return await Market().open()


async def now(market: Market, job: JobRecord) -> JobRecord:
    found = await market.jobs.find(job.id)
    assert found is not None
    return found


def unroutable(job: JobRecord, code: str, attempts: int = 1) -> JobUnroutable:
    return JobUnroutable(job_id=job.id, kind="music", attempts=attempts, code=code, message="nobody left")


def running(job: JobRecord, number: int = 1) -> JobRunning:
    return JobRunning(job_id=job.id, kind="music", attempt=number, started_at=AT, expected_seconds=20)


async def endings(market: Market) -> list[Event]:
    kinds = (JobSucceeded, JobFailed, JobCanceled, JobExpired)
    return [event for event in await market.post.arrive() if isinstance(event, kinds)]


async def test_delivered_audio_is_captured_and_the_rest_released(market: Market) -> None:
    job = await market.routed()
    await market.deliver(job.id)
    ended = await now(market, job)
    assert (ended.status, ended.settlement_status) == (JobStatus.SUCCEEDED, SettlementStatus.CONFIRMED)
    assert (ended.seller_cost, ended.buyer_cost) == (Money(21_000), Money(21_000))
    assert await market.figures() == (979_000, 0, 21_000)
    assert balance(market.entries, "seller_payable:s1") == 21_000
    assert [entry.id for entry in market.entries][1:] == [f"{job.id}:{kind}" for kind in ("hold", "capture", "release")]


async def test_the_ending_is_said_when_the_money_has_moved(market: Market) -> None:
    job = await market.routed()
    await market.deliver(job.id)
    (said,) = await endings(market)
    assert isinstance(said, JobSucceeded)
    assert (said.job_id, said.seller_id, said.offer_id, said.attempt) == (job.id, "s1", "o1", 1)
    assert (said.buyer_cost_usdc, said.duration_seconds, said.settlement_status) == (Money(21_000), 60, "confirmed")


async def test_audio_that_is_told_of_twice_is_paid_and_said_once(market: Market) -> None:
    job = await market.routed()
    await asyncio.gather(*(market.deliver(job.id) for _ in range(5)))
    assert await market.figures() == (979_000, 0, 21_000)
    assert len(await endings(market)) == 1


async def test_audio_of_an_attempt_that_was_never_made_is_for_a_person_to_look_at(market: Market) -> None:
    job = await market.routed()
    with pytest.raises(DomainError):
        await market.deliver(job.id, attempt=7)
    assert (await now(market, job)).status is JobStatus.SUBMITTED


async def test_the_terms_of_the_attempt_that_delivered_are_what_is_paid(market: Market) -> None:
    job = await market.routed()
    market.attempts.put(attempt(job.id, 2, seller_id="s2", offer_id="o2"))
    await market.jobs.note_routed(job.id, 2)
    await market.deliver(job.id, attempt=2)
    assert balance(market.entries, "seller_payable:s2") == 21_000
    assert balance(market.entries, "seller_payable:s1") == 0


@pytest.mark.parametrize(
    ("code", "event", "status"),
    [
        ("provider_error", JobFailed, JobStatus.FAILED),
        ("no_healthy_sellers", JobFailed, JobStatus.FAILED),
        ("expired", JobExpired, JobStatus.EXPIRED),
        ("expired_before_submission", JobExpired, JobStatus.EXPIRED),
        ("canceled", JobCanceled, JobStatus.CANCELED),
    ],
)
async def test_a_job_that_nobody_delivers_is_free(
    market: Market, code: str, event: type[Event], status: JobStatus
) -> None:
    job = await market.routed()
    await end_unroutable(unroutable(job, code), world=market.settling, attempts=market.attempts)
    ended = await now(market, job)
    assert (ended.status, ended.settlement_status) == (status, SettlementStatus.RELEASED)
    assert ended.error is not None
    assert ended.error.code == code
    assert [type(said) for said in await endings(market)] == [event]
    assert await market.figures() == ALL


async def test_any_end_without_audio_is_canceled_after_a_cancel_request(market: Market) -> None:
    job = await market.routed()
    await cancel_job(job.id, ByKey(job.buyer_id), world=market.canceling)
    await end_unroutable(unroutable(job, "provider_error"), world=market.settling, attempts=market.attempts)
    ended = await now(market, job)
    assert ended.status is JobStatus.CANCELED
    assert ended.error is not None
    assert ended.error.code == "canceled"


async def test_news_after_the_end_changes_nothing(market: Market) -> None:
    job = await market.routed()
    await end_unroutable(unroutable(job, "provider_error"), world=market.settling, attempts=market.attempts)
    ended = await now(market, job)
    await market.deliver(job.id)
    await end_unroutable(unroutable(job, "expired"), world=market.settling, attempts=market.attempts)
    await note_running(running(job), jobs=market.jobs)
    assert await now(market, job) == ended
    assert await market.figures() == ALL
    assert len(await endings(market)) == 1


async def test_news_of_a_job_that_is_not_there_is_no_error(market: Market) -> None:
    ghost = (await market.submit()).job
    gone = unroutable(ghost, "expired").model_copy(update={"job_id": new_id()})
    await end_unroutable(gone, world=market.settling, attempts=market.attempts)
    await note_running(running(ghost).model_copy(update={"job_id": new_id()}), jobs=market.jobs)


async def test_routing_and_running_move_a_job_forward(market: Market) -> None:
    job = (await market.submit()).job
    await note_routed(routed(job), jobs=market.jobs)
    assert (await now(market, job)).status is JobStatus.SUBMITTED
    await note_running(running(job), jobs=market.jobs)
    await note_routed(routed(job), jobs=market.jobs)
    moved = await now(market, job)
    assert (moved.status, moved.attempts) == (JobStatus.RUNNING, 1)
    assert moved.running is not None
    assert moved.running.expected == timedelta(seconds=20)


def routed(job: JobRecord) -> JobRouted:
    return JobRouted(
        job_id=job.id,
        kind="music",
        attempt=1,
        offer_id="o1",
        seller_id="s1",
        provider="venice",
        base_url="https://render.example",
        key_id="key-1",
        model=job.parameters.model,
        provider_model="ace-step-15",
        provider_job_id="p1",
        routed_at=AT,
        expires_at=job.expires_at,
    )


async def test_a_job_that_nobody_tried_is_canceled_at_once(market: Market) -> None:
    job = (await market.submit()).job
    canceled = await cancel_job(job.id, ByKey(job.buyer_id), world=market.canceling)
    assert (canceled.status, canceled.settlement_status) == (JobStatus.CANCELED, SettlementStatus.RELEASED)
    assert await market.figures() == ALL
    assert [type(said) for said in (await market.post.arrive())[1:]] == [JobCancelRequested, JobCanceled]


async def test_a_job_at_its_provider_runs_on_and_its_hold_stays(market: Market) -> None:
    job = await market.routed()
    asked = await cancel_job(job.id, ByKey(job.buyer_id), world=market.canceling)
    assert asked.status is JobStatus.SUBMITTED
    assert asked.cancel_requested_at is not None
    assert await market.figures() == (976_900, 23_100, 0)


async def test_audio_that_comes_after_a_cancel_request_is_the_buyers_and_paid(market: Market) -> None:
    job = await market.routed()
    await cancel_job(job.id, ByKey(job.buyer_id), world=market.canceling)
    await market.deliver(job.id)
    assert (await now(market, job)).status is JobStatus.SUCCEEDED
    assert await market.figures() == (979_000, 0, 21_000)


async def test_cancelling_again_or_too_late_gives_the_job_as_it_is(market: Market) -> None:
    job = (await market.submit()).job
    first = await cancel_job(job.id, ByKey(job.buyer_id), world=market.canceling)
    said = len(await market.post.arrive())
    assert await cancel_job(job.id, ByKey(job.buyer_id), world=market.canceling) == first
    assert len(await market.post.arrive()) == said


async def test_a_job_token_cancels_its_own_job_and_no_other(market: Market) -> None:
    job, other = (await market.submit()).job, (await market.submit()).job
    token = market.signing.token(job.id, job.token_key_id)
    assert token is not None
    with pytest.raises(JobNotFound):
        await cancel_job(other.id, ByToken(token), world=market.canceling)
    assert (await cancel_job(job.id, ByToken(token), world=market.canceling)).status is JobStatus.CANCELED


async def test_a_foreign_key_and_a_wrong_token_find_no_job(market: Market) -> None:
    job = (await market.submit()).job
    for reader in (ByKey(new_id()), ByToken(Secret("mjt_wrong")), ByToken(Secret("mjt_\ud800é"))):
        with pytest.raises(JobNotFound):
            await cancel_job(job.id, reader, world=market.canceling)
    assert (await now(market, job)).cancel_requested_at is None


async def test_a_result_whose_retention_is_over_says_so(market: Market) -> None:
    job = await market.routed()
    await market.deliver(job.id)
    for _ in range(2):
        await expire_result(ArtifactExpired(job_id=job.id, kind="music", attempt=1), jobs=market.jobs)
    assert (await now(market, job)).results[0].expired
