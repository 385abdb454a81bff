"""Taking an order: one job, one hold and one answer, whoever asks how often, and nothing after a refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.api.adapters.memory_jobs import MemoryJobs
from services.api.domain.account import Limits
from services.api.domain.backlog import MOST
from services.api.domain.outbox import Letter
from services.api.domain.refusals import (
    InsufficientBalance,
    MinimumDiscountNotMet,
    ModelNotFound,
    NoHealthySellers,
    Overloaded,
    ServiceUnavailable,
    TooManyJobs,
)
from services.api.domain.storing import Stored
from services.api.handlers.measure_work import measure_work
from services.api.ports import Unconfirmed
from shared.contracts.job_events import JobCreated
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.money import Money
from shared.market.book import Entry
from shared.market.discount import Floor
from shared.market.offers import Multiplier
from shared.market.parameters import ParameterRefused, Parameters
from tests.unit.services.api.market import Market
from tests.unit.services.api.samples import AT, MODEL, account, offer

FAR = AT + timedelta(days=999)


@pytest.fixture
async def market() -> Market:
    return await Market().open()


async def nothing_happened(market: Market) -> bool:
    return await market.figures() == (1_000_000, 0, 0) and not await market.jobs.overdue("music", FAR, 9)


async def test_an_order_becomes_a_queued_job_with_its_maximum_held(market: Market) -> None:
    accepted = await market.submit(metadata="{}", floor=Floor(20))
    job = accepted.job
    assert not accepted.replayed
    assert (job.status, job.buyer_id, job.minimum_discount) == (JobStatus.QUEUED, market.buyer.id, 20)
    assert job.parameters == Parameters(MODEL, "a quiet tune", duration_seconds=60)
    assert (job.reference_cost, job.estimated_cost, job.max_cost) == (Money(30_000), Money(21_000), Money(23_100))
    assert (job.created_at, job.expires_at) == (AT, AT + timedelta(seconds=900))
    assert await market.jobs.find(job.id) == job
    assert await market.figures() == (976_900, 23_100, 0)


async def test_the_maximum_is_a_tenth_above_the_estimate_rounded_up(market: Market) -> None:
    market.book.put(Entry(replace(market.offer, terms=Multiplier(1)), 2))
    job = (await market.submit()).job
    assert (job.estimated_cost, job.max_cost) == (Money(3), Money(4))


async def test_no_job_is_taken_while_too_many_wait_to_be_handed_on_and_an_old_key_still_answers(market: Market) -> None:
    first = await market.submit("k")
    market.backlog.unsaid = MOST
    with pytest.raises(Overloaded) as refused:
        await market.submit("another")
    assert (refused.value.code, refused.value.retry_after) == ("service_unavailable", timedelta(seconds=10))
    assert await market.figures() == (976_900, 23_100, 0)
    assert (await market.submit("k")).job == first.job
    market.backlog.unsaid = MOST - 1
    assert not (await market.submit("another")).replayed


async def test_what_is_under_way_is_measured(market: Market) -> None:
    async def measured() -> tuple[timedelta, int]:
        found = await measure_work(jobs=market.jobs, outboxes=[market.jobs], backlog=market.backlog, clock=market.clock)
        return found, market.backlog.unsaid

    assert await measured() == (timedelta(0), 0)
    await market.submit()
    market.clock.move(timedelta(seconds=9))
    assert await measured() == (timedelta(seconds=9), 1)


async def test_a_new_job_is_said_at_once(market: Market) -> None:
    job = (await market.submit()).job
    (said,) = await market.post.arrive()
    assert isinstance(said, JobCreated)
    assert (said.job_id, said.max_cost_usdc, said.model) == (job.id, Money(23_100), MODEL)
    assert await market.jobs.unsent(AT + timedelta(hours=1), 5) == []


async def test_an_order_is_taken_while_the_broker_is_away_and_said_when_it_is_back(market: Market) -> None:
    market.post.broken = True
    await market.submit()
    assert await market.post.arrive() == []
    market.post.broken = False
    said = await market.sweep(after=timedelta(seconds=6))
    assert [type(event) for event in said] == [JobCreated]


async def test_a_webhook_makes_sure_that_there_is_a_secret_to_sign_with(market: Market) -> None:
    await market.submit(webhook_url="https://hooks.example/x")
    assert len(await market.secrets.list_of(market.buyer.id)) == 1


async def test_a_model_that_is_not_in_the_catalogue_is_not_found(market: Market) -> None:
    with pytest.raises(ModelNotFound):
        await market.submit(parameters=Parameters("nothing", "x"))


async def test_what_the_model_cannot_take_is_refused_with_its_name(market: Market) -> None:
    with pytest.raises(ParameterRefused) as refused:
        await market.submit("k", parameters=Parameters(MODEL, "x", voice="Ann"))
    assert (refused.value.code, refused.value.param) == ("unsupported_parameter", "voice")
    assert await nothing_happened(market)
    assert not (await market.submit("k")).replayed, "the key is free"


async def test_a_floor_that_nobody_meets_is_answered_with_the_best_discount_on_offer(market: Market) -> None:
    with pytest.raises(MinimumDiscountNotMet) as refused:
        await market.submit("k", floor=Floor(31))
    assert refused.value.best == "30.00"
    assert "30.00" in refused.value.message
    assert await nothing_happened(market)
    assert not (await market.submit("k")).replayed, "the key is free"


async def test_without_an_offer_there_are_no_healthy_sellers(market: Market) -> None:
    with pytest.raises(NoHealthySellers):
        await market.submit(parameters=Parameters("venice-elevenlabs-music", "x"))


async def test_too_little_money_is_answered_with_what_is_needed_and_what_there_is() -> None:
    market = await Market(account(credited=Money(23_099), available=Money(23_099))).open()
    with pytest.raises(InsufficientBalance) as refused:
        await market.submit("k")
    assert (refused.value.needed, refused.value.available) == (Money(23_100), Money(23_099))
    assert "23100" in refused.value.message
    assert "23099" in refused.value.message
    await market.accounts.credit(market.buyer.id, "c", Money(1))
    assert not (await market.submit("k")).replayed, "the key is free"


async def test_no_more_jobs_than_the_account_may_have_are_in_flight() -> None:
    market = await Market(account(limits=Limits(jobs_in_flight=2))).open()
    await market.submit()
    await market.submit()
    with pytest.raises(TooManyJobs):
        await market.submit()


class UnsureJobs(MemoryJobs):
    """Jobs whose next insert is not acknowledged, whether or not it happens, and nothing ``silent`` times after it."""

    def __init__(self, *, happens: bool, silent: int = 0) -> None:
        super().__init__()
        self._happens = happens
        self._silent = silent

    async def insert(self, job: JobRecord, letter: Letter) -> Stored:
        if self._happens:
            await super().insert(job, letter)
        raise Unconfirmed("no answer")

    async def void(self, job_id: str, at: datetime) -> JobRecord | None:
        if self._silent:
            self._silent -= 1
            raise Unconfirmed("no answer")
        return await super().void(job_id, at)


@pytest.mark.parametrize("silent", [0, 1, 30])
async def test_an_insert_that_was_not_acknowledged_and_happened_is_a_job(market: Market, silent: int) -> None:
    """It once was answered with 503 when the database was silent for a little longer, and ran and was paid."""
    market.jobs = UnsureJobs(happens=True, silent=silent)
    accepted = await market.submit("k")
    assert not accepted.replayed
    assert await market.jobs.find(accepted.job.id) == accepted.job
    assert await market.figures() == (976_900, 23_100, 0)


async def test_a_database_that_stays_silent_is_not_waited_for_without_end(market: Market) -> None:
    market.jobs = UnsureJobs(happens=True, silent=1_000)
    with pytest.raises(Unconfirmed):
        await market.submit("k")
    assert 20 <= market.clock.monotonic() < 22


@pytest.mark.parametrize("silent", [0, 1, 30])
async def test_an_insert_that_was_not_acknowledged_and_did_not_happen_never_will(market: Market, silent: int) -> None:
    market.jobs = UnsureJobs(happens=False, silent=silent)
    with pytest.raises(ServiceUnavailable):
        await market.submit("k")
    assert await nothing_happened(market)
    market.jobs = MemoryJobs()
    assert not (await market.submit("k")).replayed, "the key is free"


async def test_the_cheapest_offer_is_what_is_estimated(market: Market) -> None:
    market.book.put(Entry(offer(terms=Multiplier(6_000)), 1))
    assert (await market.submit()).job.estimated_cost == Money(18_000)
