"""Endings: told from the job and the code, and told again from what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.api.domain.ending import ending_of, settlement_of, timed_out, unpaid
from services.api.domain.moves import Move, missed
from services.api.domain.saying_again import quiet_for
from services.api.domain.settlement import Settlement
from shared.contracts.job_events import JobExpired, JobFailed, JobSucceeded
from shared.contracts.records.job import JobError, JobRecord, JobStatus, SettlementStatus
from shared.kernel.money import ZERO, Money
from tests.unit.services.api.samples import AT, delivered, job


def succeeded(buyer_cost: int = 22_000) -> JobRecord:
    ending = delivered()
    return job(
        status=JobStatus.SUCCEEDED,
        ended_at=AT,
        results=ending.results,
        winner=ending.winner,
        seller_cost=Money(21_000),
        buyer_cost=Money(buyer_cost),
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("content_policy", JobStatus.FAILED),
        ("artifact_rejected", JobStatus.FAILED),
        ("expired", JobStatus.EXPIRED),
        ("expired_before_submission", JobStatus.EXPIRED),
        ("canceled", JobStatus.CANCELED),
    ],
)
def test_the_code_says_which_ending_it_is(code: str, status: JobStatus) -> None:
    ending = unpaid(job(), code, "because", AT)
    assert (ending.status, ending.error) == (status, JobError(code, "because"))


def test_a_buyers_wish_to_cancel_comes_before_any_code() -> None:
    ending = unpaid(job(cancel_requested_at=AT), "provider_error", "because", AT)
    assert (ending.status, ending.error.code) == (JobStatus.CANCELED, "canceled")


def test_a_job_out_of_time_says_whether_anybody_had_it() -> None:
    assert timed_out(job(), AT).error.code == "expired_before_submission"
    assert timed_out(job(attempts=1), AT).error.code == "expired"
    assert timed_out(job(cancel_requested_at=AT), AT).status is JobStatus.CANCELED


def test_the_money_of_a_success_is_told_from_the_job_alone() -> None:
    settlement, status = settlement_of(succeeded())
    assert settlement == Settlement("s1", Money(21_000), Money(1_000), Money(1_100))
    assert status is SettlementStatus.CONFIRMED


def test_any_other_ending_releases_everything() -> None:
    ended = job(status=JobStatus.FAILED, ended_at=AT, error=JobError("x", "y"))
    settlement, status = settlement_of(ended)
    assert (settlement.captured, settlement.released, status) == (ZERO, ended.max_cost, SettlementStatus.RELEASED)


def test_the_ending_that_is_said_is_the_same_again_whoever_says_it() -> None:
    first, again = ending_of(succeeded()), ending_of(succeeded())
    assert isinstance(first, JobSucceeded)
    assert first.settlement_status == "confirmed"
    assert first.event_id != again.event_id, "another job"
    one = succeeded()
    assert ending_of(one) == ending_of(replace(one, settlement_status=SettlementStatus.CONFIRMED))


@pytest.mark.parametrize(("status", "event"), [(JobStatus.FAILED, JobFailed), (JobStatus.EXPIRED, JobExpired)])
def test_an_unpaid_ending_says_why(status: JobStatus, event: type) -> None:
    said = ending_of(job(status=status, ended_at=AT, error=JobError("code", "why")))
    assert isinstance(said, event)
    assert said.model_dump()["code"] == "code"


def test_news_that_changed_nothing_have_a_name() -> None:
    assert missed(None, 1) is Move.NO_SUCH_JOB
    assert missed(succeeded(), 1) is Move.TOO_LATE
    assert missed(job(attempts=2), 1) is Move.SUPERSEDED
    assert missed(job(attempts=2), 2) is Move.REPEATED


def test_a_job_is_said_again_ever_more_rarely() -> None:
    waits = [quiet_for(times) for times in range(8)]
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits == sorted(waits)
    assert sum(wait < timedelta(minutes=15) for wait in waits) < 6
