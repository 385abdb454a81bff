"""A buyer's own providers in the router: before the market or after it, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.router.handlers.decide_again import decide_again
from services.router.handlers.keep_book import hear_of_offer
from shared.contracts.job_events import AttemptFailed, JobUnroutable
from shared.contracts.market_events import OfferChanged, OfferStandingChanged
from shared.kernel.money import ZERO, Money
from shared.market.offers import Cost, FeeOnly, Offer, OfferStatus
from shared.market.own import Own, OwnRole
from shared.market.standings import Health
from shared.providers.outcomes import Faulty, Pause, Refused
from tests.unit.services.router.market import offer
from tests.unit.services.router.world import World

FULL = Refused("full", Pause.BACKOFF, 503)
BAD_KEY = Refused("bad key", Pause.KEY, 401)
THROTTLED = Refused("not so fast", Pause.THROTTLED, 429, timedelta(seconds=10))


def own(name: str = "mine", role: OwnRole = OwnRole.PRIORITY, **changes: Any) -> Offer:
    """A provider of the buyer's own; the buyer of every job here is "buyer"."""
    made = offer(name, seller_id="buyer", terms=FeeOnly(), own=Own(role))
    return replace(made, **changes)


async def test_a_priority_provider_gets_the_job_before_any_cheaper_offer_and_only_the_fee_is_counted(
    world: World,
) -> None:
    await world.open(offer("cheap", 100), own())
    await world.route(fee_bps=250)
    assert world.taken() == ["mine"]
    made = await world.last()
    assert (made.seller_id, made.key_id, made.terms) == ("buyer", "key-of-mine", FeeOnly())
    assert made.cost == Cost(ZERO, Money(750))
    standing = await world.standing("mine")
    assert (standing.in_flight, standing.spent) == (1, ZERO)


async def test_where_it_refuses_the_market_has_its_turn_and_then_the_fallback(world: World) -> None:
    await world.open(own("last", OwnRole.FALLBACK), offer("market"), own("first"))
    world.answers(FULL, FULL, None)
    await world.route()
    assert world.asked() == ["first", "market", "last"]
    assert [state for _, _, state in await world.history()] == ["refused", "refused", "submitted"]


async def test_where_everybody_refuses_the_job_ends(world: World) -> None:
    await world.open(own("first"), own("last", OwnRole.FALLBACK))
    world.answers(BAD_KEY, BAD_KEY)
    said = await world.route()
    assert isinstance(said[-1], JobUnroutable)
    assert (said[-1].code, said[-1].attempts) == ("no_healthy_sellers", 2)


async def test_a_failure_after_acceptance_goes_on_to_the_market(world: World) -> None:
    await world.open(own(), offer("market"))
    await world.route()
    failure = AttemptFailed(
        job_id="job", kind="music", attempt=1, offer_id="mine", code="provider_error", message="it broke"
    )
    await decide_again(failure, routing=world.routing)
    assert world.taken() == ["mine", "market"]
    assert (await world.standing("mine")).health is Health.PAUSED


async def test_no_minimum_discount_keeps_a_job_from_the_buyers_own_provider(world: World) -> None:
    await world.open(own(), offer("market"))
    await world.route(minimum_discount=100, fee_bps=250)
    assert world.taken() == ["mine"]


async def test_another_buyers_job_never_meets_it(world: World) -> None:
    await world.open(own(seller_id="another buyer"))
    (said,) = await world.route()
    assert isinstance(said, JobUnroutable)
    assert world.asked() == []


async def test_a_request_that_it_calls_wrong_ends_the_job(world: World) -> None:
    await world.open(own(), offer("market"))
    world.answers(Faulty("content_policy", "no"))
    (said,) = await world.route()
    assert isinstance(said, JobUnroutable)
    assert (said.code, world.asked()) == ("content_policy", ["mine"])


async def test_a_key_that_is_refused_shuts_it_until_its_buyer_changes_it(world: World) -> None:
    await world.open(own(), offer("market"))
    world.answers(BAD_KEY)
    await world.route("one")
    await world.route("two")
    assert world.asked() == ["mine", "market", "market"]
    changed = own(key_id="key-2")
    world.offers.put(changed, 2)
    news = OfferChanged(
        offer_id="mine", revision=2, seller_id="buyer", model=changed.model, status="active", role="priority"
    )
    (said,) = await hear_of_offer(news, routing=world.routing)
    assert isinstance(said, OfferStandingChanged)
    await world.route("three")
    assert world.asked()[-1] == "mine"


async def test_a_job_that_only_its_buyers_throttled_provider_could_take_waits_for_it(world: World) -> None:
    await world.open(own())
    world.answers(THROTTLED)
    said = await world.route(max_cost_usdc=ZERO)
    assert not any(isinstance(fact, JobUnroutable) for fact in said)
    assert "job" in world.routing.waiting
    world.pass_by(timedelta(seconds=11))
    await world.route(max_cost_usdc=ZERO)
    assert world.asked() == ["mine", "mine"]


async def test_a_job_that_is_quicker_than_the_news_of_its_buyers_provider_meets_it_all_the_same(world: World) -> None:
    await world.open(offer("market"))
    world.offers.put(own())
    await world.route(own_providers={"mine": 1})
    assert world.taken() == ["mine"]


async def test_a_job_that_tells_of_a_newer_revision_is_routed_by_it(world: World) -> None:
    await world.open(offer("market"), own(role=OwnRole.FALLBACK))
    world.offers.put(own(), 2)
    await world.route(own_providers={"mine": 2, "gone": 1})
    assert world.taken() == ["mine"]


async def test_an_unverified_or_withdrawn_provider_is_not_asked(world: World) -> None:
    unsure, gone = own("unsure", status=OfferStatus.UNVERIFIED), own("gone", status=OfferStatus.WITHDRAWN)
    await world.open(unsure, gone, offer("market"))
    await world.route(own_providers={"unsure": 1, "gone": 1})
    assert world.asked() == ["market"]
