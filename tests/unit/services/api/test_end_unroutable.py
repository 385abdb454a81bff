"""News that no attempt will follow, which may be older than the attempt that followed."""

from __future__ import annotations

import pytest

from services.api.handlers.end_unroutable import end_unroutable
from shared.contracts.job_events import JobUnroutable
from shared.contracts.records.attempt import AttemptState
from shared.contracts.records.job import JobStatus
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import attempt


@pytest.fixture
async def market() -> Market:
    return await Market().open()


@pytest.mark.parametrize(
    ("later", "status"),
    [
        ([AttemptState.INTENDED], JobStatus.SUBMITTED),
        ([AttemptState.SUBMITTED], JobStatus.SUBMITTED),
        ([AttemptState.WITHDRAWN, AttemptState.SUBMITTED], JobStatus.SUBMITTED),
        ([AttemptState.WITHDRAWN], JobStatus.FAILED),
        ([AttemptState.SUBMITTED, AttemptState.REFUSED], JobStatus.FAILED),
    ],
)
async def test_news_from_before_an_attempt_that_is_under_way_ends_nothing(
    market: Market, later: list[AttemptState], status: JobStatus
) -> None:
    """A message may lie in a queue while another router goes on, and the buyer would lose what is being rendered."""
    job = await market.routed()
    for number, state in enumerate(later, start=2):
        market.attempts.put(attempt(job.id, number, state=state))
    news = JobUnroutable(job_id=job.id, kind="music", attempts=1, code="provider_error", message="nobody left")
    await end_unroutable(news, world=market.settling, attempts=market.attempts)
    found = await market.jobs.find(job.id)
    assert found is not None
    assert found.status is status
