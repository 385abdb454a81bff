"""From a job that was made to a provider that has it, or to the reason why none will."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.router.domain.next_step import MOST_ATTEMPTS
from shared.contracts.job_events import JobRouted, JobUnroutable
from shared.contracts.market_events import OfferStandingChanged
from shared.contracts.records.attempt import AttemptState
from shared.kernel.clock import in_millis
from shared.kernel.money import ZERO, Money
from shared.market.standings import Health
from shared.providers.outcomes import Faulty, Pause, Refused, Submitted, Unknown
from tests.unit.services.router.market import EXPIRES, MODEL, PARAMETERS, offer
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)
FULL = Refused("full", Pause.BACKOFF, 503)
BAD_KEY = Refused("bad key", Pause.KEY, 401)
THROTTLED = Refused("not so fast", Pause.THROTTLED, 429, 10 * SECOND)
HELD_BACK = Refused("held back", Pause.THROTTLED, None, 3 * SECOND)


def unroutable(said: object) -> tuple[str, int]:
    assert isinstance(said, JobUnroutable)
    return said.code, said.attempts


async def test_the_cheapest_offer_gets_the_job_and_everything_is_said_that_a_watch_needs(world: World) -> None:
    cheap = offer("cheap", 6_000)
    await world.open(offer("dear", 9_000), cheap, offer("middle", 8_000))
    (routed,) = await world.route()
    assert routed == JobRouted(
        job_id="job",
        kind="music",
        attempt=1,
        offer_id="cheap",
        seller_id=cheap.seller_id,
        provider="venice",
        base_url=cheap.base_url,
        key_id=cheap.key_id,
        model=MODEL.id,
        provider_model=MODEL.provider_model,
        provider_job_id="memory-1",
        routed_at=in_millis(world.now),
        expires_at=EXPIRES,
    )
    (call,) = world.provider.calls
    assert (call.act, call.model, call.parameters) == ("submit", MODEL, PARAMETERS)
    assert call.access.api_key.reveal() == "opened key-of-cheap"


async def test_an_offer_that_no_news_has_come_of_is_found_before_a_job_is_given_up(world: World) -> None:
    await world.open(offer("dear", 9_000))
    world.offers.put(offer("new", 6_000))
    world.answers(FULL)
    await world.route()
    assert world.asked() == ["dear", "new"]


async def test_an_attempt_freezes_what_the_offer_said(world: World) -> None:
    await world.open(offer("cheap", 6_000))
    await world.route()
    made = await world.last()
    assert (made.state, made.provider_job_id) == (AttemptState.SUBMITTED, "memory-1")
    assert (made.cost.seller, made.terms) == (Money(18_000), offer(bps=6_000).terms)


async def test_the_estimate_is_reserved_for_as_long_as_the_job_runs(world: World) -> None:
    await world.open(offer("cheap", 6_000))
    await world.route()
    standing = await world.standing("cheap")
    assert (standing.in_flight, standing.spent) == (1, Money(18_000))


async def test_hearing_of_a_job_again_submits_nothing_and_says_the_same(world: World) -> None:
    await world.open(offer())
    first = await world.route()
    world.pass_by(7 * SECOND)
    assert await world.route() == first
    assert world.asked() == ["offer"]


async def test_another_process_that_hears_of_the_job_says_the_same(world: World) -> None:
    await world.open(offer())
    first = await world.route()
    assert await world.route(by=world.another_process()) == first
    assert world.asked() == ["offer"]


@pytest.mark.parametrize("refusal", [FULL, BAD_KEY, THROTTLED])
async def test_after_a_refusal_the_next_offer_is_tried(world: World, refusal: Refused) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(refusal)
    said = await world.route()
    assert world.asked() == ["cheap", "dear"]
    assert await world.history() == [(1, "cheap", "refused"), (2, "dear", "submitted")]
    changed, routed = said
    assert isinstance(changed, OfferStandingChanged)
    assert isinstance(routed, JobRouted)
    assert (changed.offer_id, routed.attempt) == ("cheap", 2)


async def test_a_refusal_frees_what_was_reserved(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(FULL)
    await world.route()
    standing = await world.standing("cheap")
    assert (standing.in_flight, standing.spent) == (0, ZERO)
    assert (standing.health, standing.failures) == (Health.PAUSED, 1)


async def test_a_refused_key_shuts_the_offer_for_the_next_job(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(BAD_KEY)
    await world.route()
    world.pass_by(timedelta(minutes=10))
    await world.route("next", created=world.now, expires_at=EXPIRES + timedelta(hours=1))
    assert world.asked() == ["cheap", "dear", "dear"]
    assert (await world.standing("cheap")).reason == "bad key"


async def test_when_everybody_refuses_there_are_no_healthy_sellers(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    world.answers(FULL, BAD_KEY)
    assert unroutable((await world.route())[-1]) == ("no_healthy_sellers", 2)


async def test_at_most_five_offers_are_tried(world: World) -> None:
    await world.open(*(offer(f"offer-{n}", 6_000 + n) for n in range(8)))
    world.answers(*[FULL] * 8)
    assert unroutable((await world.route())[-1]) == ("no_healthy_sellers", MOST_ATTEMPTS)
    assert len(world.asked()) == MOST_ATTEMPTS


async def test_what_is_wrong_with_the_request_ends_the_job_and_is_no_offers_fault(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(Faulty("content_policy", "No violence.", "a quiet song"))
    (said,) = await world.route()
    assert unroutable(said) == ("content_policy", 1)
    assert isinstance(said, JobUnroutable)
    assert said.message == "No violence. Suggested prompt: a quiet song"
    assert world.asked() == ["cheap"]
    assert (await world.standing("cheap")).health is Health.HEALTHY
    assert await world.route() == [said]


async def test_an_unknown_outcome_is_tried_elsewhere_once_and_stays_on_the_sellers_day(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(Unknown("reset"))
    said = await world.route()
    assert isinstance(said[-1], JobRouted)
    assert await world.history() == [(1, "cheap", "unknown"), (2, "dear", "submitted")]
    standing = await world.standing("cheap")
    assert (standing.in_flight, standing.spent, standing.failures) == (0, Money(18_000), 1)


async def test_a_second_unknown_outcome_ends_the_job(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000), offer("c", 8_000))
    world.answers(Unknown("reset"), Unknown("timeout"))
    assert unroutable((await world.route())[-1]) == ("provider_error", 2)
    assert world.asked() == ["a", "b"]


async def test_a_busy_offer_makes_room_for_the_next_dearer_one(world: World) -> None:
    await world.open(offer("cheap", 6_000, max_concurrent=1), offer("dear", 9_000))
    await world.route("first")
    await world.route("second")
    assert world.asked() == ["cheap", "dear"]


async def test_a_process_with_an_old_book_learns_from_a_refused_reservation(world: World) -> None:
    small = offer("cheap", 6_000, max_concurrent=1)
    await world.open(small, offer("dear", 9_000))
    elsewhere = replace(world.routing, book=world.another_process().book)
    for entry in await world.offers.standing():
        elsewhere.book.put(entry)
    await world.route("first", by=elsewhere)
    assert world.routing.book.standing("cheap").in_flight == 0
    await world.route("second")
    assert world.asked() == ["cheap", "dear"]
    assert world.routing.book.standing("cheap").in_flight == 1


async def test_a_key_that_cannot_be_had_is_a_refusal(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.keys.gone.add("cheap")
    await world.route()
    assert world.asked() == ["dear"]
    assert await world.history() == [(1, "cheap", "refused"), (2, "dear", "submitted")]


async def test_an_offer_held_back_to_spare_its_limit_leaves_no_attempt(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(HELD_BACK)
    assert isinstance((await world.route())[-1], JobRouted)
    assert await world.history() == [(1, "dear", "submitted")]
    standing = await world.standing("cheap")
    assert (standing.health, standing.in_flight, standing.spent) == (Health.HEALTHY, 0, ZERO)


async def test_an_offer_held_back_is_not_asked_by_this_process_for_a_while(world: World) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(HELD_BACK)
    await world.route("first")
    await world.route("second")
    world.pass_by(3 * SECOND)
    await world.route("third")
    assert world.asked() == ["cheap", "dear", "dear", "cheap"]


async def test_when_a_provider_gives_one_id_to_two_jobs_both_are_set_aside(world: World) -> None:

    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(Submitted("same"), Submitted("same"))
    await world.route("first")
    said = await world.route("second")
    assert await world.history("first") == [(1, "cheap", "unknown")]
    assert await world.history("second") == [(1, "cheap", "unknown"), (2, "dear", "submitted")]
    assert [(each.job_id, each.code) for each in said if isinstance(each, JobUnroutable)] == [
        ("first", "provider_error")
    ]
    assert (await world.standing("cheap")).health is Health.SHUT
    assert isinstance(said[-1], JobRouted)
