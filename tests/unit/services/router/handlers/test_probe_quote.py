"""Before a job probes an offer, its provider is asked for a quote, which spends nothing."""

from datetime import timedelta

from shared.contracts.job_events import JobRouted
from shared.contracts.market_events import OfferStandingChanged
from shared.market.standings import Health
from shared.providers.outcomes import NotQuoted, Pause
from tests.unit.services.router.market import offer
from tests.unit.services.router.probing import FULL, backed_off
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)


async def test_the_first_job_after_a_pause_asks_for_a_quote_and_then_opens_the_offer(world: World) -> None:
    await backed_off(world)
    before = len(world.provider.calls)
    await world.route()
    assert [call.act for call in world.provider.calls[before:]] == ["quote", "submit"]
    standing = await world.standing("cheap")
    assert (standing.health, standing.failures) == (Health.HEALTHY, 1)
    await world.route("next")
    assert [call.act for call in world.provider.calls[before:]] == ["quote", "submit", "submit"]


async def test_an_offer_that_does_not_even_quote_is_sent_no_job(world: World) -> None:
    await backed_off(world)
    world.provider.quotes.append(NotQuoted("connect failed", definite=False))
    said = await world.route()
    assert isinstance(said[-1], JobRouted)
    assert world.asked()[2:] == ["dear"]
    assert (await world.standing("cheap")).failures == 2


async def test_a_quote_that_is_held_back_here_is_no_failure_of_the_seller(world: World) -> None:
    await world.open(offer("only"))
    world.answers(FULL)
    await world.route("unlucky")
    world.pass_by(10 * SECOND)
    world.provider.quotes += [NotQuoted("held back", False, Pause.THROTTLED, None, 3 * SECOND)] * 3
    for name in "abc":
        assert all(isinstance(fact, OfferStandingChanged) for fact in await world.route(name))
        assert name in world.routing.waiting
        world.pass_by(3 * SECOND)
    assert (await world.standing("only")).failures == 1
    await world.route("next")
    assert world.asked()[1:] == ["only"]


async def test_a_quote_that_is_throttled_closes_the_offer_for_as_long_as_its_provider_says(world: World) -> None:
    await backed_off(world)
    world.provider.quotes.append(NotQuoted("not so fast", False, Pause.THROTTLED, 429, 7 * SECOND))
    await world.route()
    standing = await world.standing("cheap")
    assert (standing.failures, standing.until) == (1, world.now + 7 * SECOND)
    assert await world.history() == [(1, "cheap", "refused"), (2, "dear", "submitted")]


async def test_a_provider_that_answers_the_quote_with_no_is_alive_and_may_judge_the_job(world: World) -> None:
    await backed_off(world)
    world.provider.quotes.append(NotQuoted("no such model", definite=True))
    await world.route()
    assert world.asked()[2:] == ["cheap"]
