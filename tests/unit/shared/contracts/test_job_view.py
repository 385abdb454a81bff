"""The job as its buyer sees it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.job_view import job_view, progress, whole_seconds
from shared.contracts.records.job import JobError, JobRecord, JobStatus, Result, Running, SettlementStatus
from shared.kernel.money import Money
from shared.market.parameters import Parameters

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
JOB = JobRecord(
    id="5f0c6a52-6c2b-4c36-9f52-0e6a4a8f9f10",
    kind="music",
    buyer_id="buyer",
    status=JobStatus.QUEUED,
    parameters=Parameters("venice-ace-step-15", "a tune", 60),
    minimum_discount=None,
    reference_cost=Money(30_000),
    estimated_cost=Money(21_000),
    max_cost=Money(23_100),
    fee_bps=0,
    created_at=AT,
    expires_at=AT + timedelta(minutes=15),
    metadata='{"$where": {"a.b": [1, null]}}',
    webhook_url=None,
    token_key_id="k",
)
RESULT = Result(0, "async-media/x/0.mp3", "audio/mpeg", 10, "ab", timedelta(seconds=60.04), AT + timedelta(hours=3))
DONE = replace(
    JOB,
    status=JobStatus.SUCCEEDED,
    results=(RESULT,),
    settlement_status=SettlementStatus.CONFIRMED,
    seller_cost=Money(21_000),
    buyer_cost=Money(21_000),
)


def view(job: JobRecord) -> dict[str, object]:
    return job_view(job, url_of=lambda result: f"signed {result.key}", public_url="https://api.example", at=AT)


def test_a_live_job_shows_no_money_and_no_results() -> None:
    assert view(JOB) == {
        "id": JOB.id,
        "object": "media.job",
        "kind": "music",
        "model": "venice-ace-step-15",
        "status": "queued",
        "created": 1777636800,
        "expires_at": 1777637700,
        "progress": 0,
        "metadata": {"$where": {"a.b": [1, None]}},
        "cancel_requested": False,
        "attempts": 0,
    }


def test_a_succeeded_job_shows_where_its_audio_is_and_what_it_cost() -> None:
    shown = view(DONE)
    assert shown["results"] == [
        {
            "artifact_index": 0,
            "url": "signed async-media/x/0.mp3",
            "download_url": f"https://api.example/v1/media/artifacts/{JOB.id}/0",
            "content_type": "audio/mpeg",
            "duration_seconds": 60,
            "bytes": 10,
            "sha256": "ab",
            "expires_at": 1777647600,
        }
    ]
    assert shown["usage"] == {
        "seller_cost_usdc": "21000",
        "buyer_cost_usdc": "21000",
        "settlement_status": "confirmed",
    }
    assert shown["progress"] == 100
    assert "error" not in shown


def test_after_retention_the_url_is_null() -> None:
    (shown,) = view(replace(DONE, results=(replace(RESULT, expired=True),)))["results"]  # type: ignore[misc, call-overload]
    assert shown["url"] is None


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.CANCELED, JobStatus.EXPIRED])
def test_an_unpaid_ending_shows_why_and_that_nothing_was_charged(status: JobStatus) -> None:
    error = JobError("provider_error", "no luck")
    ended = replace(JOB, status=status, error=error, settlement_status=SettlementStatus.RELEASED)
    shown = view(ended)
    assert shown["error"] == {"code": "provider_error", "message": "no luck"}
    assert shown["usage"] == {"seller_cost_usdc": "0", "buyer_cost_usdc": "0", "settlement_status": "released"}


@pytest.mark.parametrize(("elapsed", "percent"), [(-5, 0), (0, 0), (5, 25), (19.9, 99), (20, 99), (500, 99)])
def test_progress_follows_what_the_provider_expects_and_is_never_done_early(elapsed: float, percent: int) -> None:
    running = replace(JOB, status=JobStatus.RUNNING, running=Running(AT, timedelta(seconds=20)))
    assert progress(running, AT + timedelta(seconds=elapsed)) == percent


@pytest.mark.parametrize(("millis", "seconds"), [(60_040, 60), (60_499, 60), (60_500, 61), (0, 0)])
def test_durations_are_shown_half_up(millis: int, seconds: int) -> None:
    assert whole_seconds(timedelta(milliseconds=millis)) == seconds
