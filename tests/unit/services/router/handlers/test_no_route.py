"""Jobs that no provider gets: too dear, too late, no longer wanted, or nobody there."""

import pytest

from shared.contracts.job_events import JobRouted, JobUnroutable
from shared.contracts.records.job import JobStatus
from shared.kernel.money import Money
from shared.market.offers import OfferStatus
from shared.providers.outcomes import Pause, Refused
from tests.unit.services.router.market import AT, job, offer
from tests.unit.services.router.world import World

FULL = Refused("full", Pause.BACKOFF, 503)


def unroutable(said: object) -> tuple[str, int]:
    assert isinstance(said, JobUnroutable)
    return said.code, said.attempts


async def test_the_floor_is_kept_while_others_are_tried(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(FULL)
    said = await world.route(minimum_discount=30)
    assert unroutable(said[-1]) == ("minimum_discount_not_met", 1)
    assert world.asked() == ["cheap"]


async def test_nobody_meets_the_floor_and_the_buyer_hears_what_is_on_offer(world: World) -> None:
    await world.open(offer("dear", 9_000))
    (said,) = await world.route(minimum_discount=50)
    assert unroutable(said) == ("minimum_discount_not_met", 0)
    assert isinstance(said, JobUnroutable)
    assert "10.00 %" in said.message


async def test_nobody_may_cost_more_than_is_held(world: World) -> None:
    await world.open(offer("dear", 9_000))
    (said,) = await world.route(max_cost_usdc=Money(26_999))
    assert unroutable(said) == ("minimum_discount_not_met", 0)
    assert isinstance((await world.route("other", max_cost_usdc=Money(27_000)))[-1], JobRouted)


async def test_without_offers_there_are_no_healthy_sellers(world: World) -> None:
    await world.open(offer("unverified", status=OfferStatus.UNVERIFIED))
    assert unroutable((await world.route())[0]) == ("no_healthy_sellers", 0)


async def test_a_job_whose_time_is_up_is_not_begun(world: World) -> None:
    await world.open(offer())
    assert unroutable((await world.route(expires_at=AT))[0]) == ("expired_before_submission", 0)
    assert world.asked() == []


async def test_a_canceled_job_is_not_sent_and_its_intent_is_withdrawn(world: World) -> None:
    await world.open(offer())
    world.jobs.put(job(cancel_requested_at=AT))
    (said,) = await world.route()
    assert unroutable(said) == ("canceled", 0)
    assert world.asked() == []
    assert await world.history() == [(1, "offer", "withdrawn")]
    assert (await world.standing("offer")).in_flight == 0
    assert await world.route() == [said]


@pytest.mark.parametrize("status", [JobStatus.CANCELED, JobStatus.EXPIRED])
async def test_a_job_that_is_over_is_not_sent_and_nothing_is_said(world: World, status: JobStatus) -> None:
    await world.open(offer())
    world.jobs.put(job(status=status))
    assert await world.route() == []
    assert await world.route() == []
    assert world.asked() == []


async def test_an_offer_that_came_a_moment_ago_is_found_though_its_news_was_slower(world: World) -> None:
    await world.open()
    world.offers.put(offer("new", 6_000))
    assert isinstance((await world.route())[-1], JobRouted)


async def test_a_model_that_is_no_longer_in_the_catalogue_has_no_sellers(world: World) -> None:
    await world.open(offer())
    gone = {"model": "gone", "prompt": "x"}
    assert unroutable((await world.route(parameters=gone))[0]) == ("no_healthy_sellers", 0)
