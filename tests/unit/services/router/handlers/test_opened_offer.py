"""An offer that opens is told to whoever waits for one of its model."""

from dataclasses import replace
from datetime import timedelta

from services.router.handlers.keep_book import PROBERS, hear_of_offer, hear_of_standing, load_book
from services.router.handlers.news import standing_changed
from shared.contracts.job_events import JobRouted
from shared.contracts.market_events import OfferChanged
from shared.market.standings import Health, Standing
from tests.unit.services.router.market import AT, MODEL, offer
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)
PAUSED = Standing("only", health=Health.PAUSED, reason="full", until=AT + 60 * SECOND, failures=2, revision=7)


async def waiting_for(world: World, standing: Standing, jobs: int) -> None:
    """So many jobs wait for the only offer, which stands so."""
    await world.open(offer("only"))
    world.standings.put(standing)
    await load_book(routing=world.routing)
    for number in range(jobs):
        assert await world.route(f"job-{number}") == []


async def heard(world: World, standing: Standing) -> None:
    """Another router says how the offer stands now."""
    world.standings.put(standing)
    await hear_of_standing(standing_changed(standing), routing=world.routing)


def routed(world: World) -> list[str]:
    return [said.job_id for said in world.said if isinstance(said, JobRouted)]


async def test_when_an_offer_is_heard_to_be_open_everybody_who_waits_asks_again(world: World) -> None:
    await waiting_for(world, PAUSED, jobs=5)
    await heard(world, replace(PAUSED, health=Health.HEALTHY, until=None, revision=8))
    await world.wake()
    assert len(routed(world)) == 5


async def test_when_only_one_may_probe_a_few_ask_again(world: World) -> None:
    await waiting_for(world, PAUSED, jobs=5)
    await heard(world, replace(PAUSED, until=world.now, revision=8))
    assert len(world.routing.waiting.wake(world.now, 10)) == PROBERS


async def test_late_news_of_an_open_offer_wakes_nobody(world: World) -> None:
    await waiting_for(world, PAUSED, jobs=1)
    await hear_of_standing(standing_changed(Standing("only", revision=6)), routing=world.routing)
    assert world.routing.waiting.wake(world.now, 10) == []


async def test_a_probe_that_is_accepted_lets_in_who_waits_in_its_process(world: World) -> None:
    await waiting_for(world, PAUSED, jobs=2)
    world.pass_by(60 * SECOND)
    world.routing.waiting.enter("job-1", world.now + 10 * SECOND, MODEL.id)
    await world.wake()
    assert routed(world) == ["job-0"]
    await world.wake()
    assert routed(world) == ["job-0", "job-1"]


async def test_an_offer_that_its_seller_has_opened_lets_in_who_waits(world: World) -> None:
    await world.open(offer("busy", 5_000, max_concurrent=0))
    await waiting_for(world, Standing("only", health=Health.SHUT, reason="bad key"), jobs=1)
    world.offers.put(offer("only"), revision=2)
    changed = OfferChanged(offer_id="only", revision=2, seller_id="seller-of-only", model=MODEL.id, status="active")
    await hear_of_offer(changed, routing=world.routing)
    await world.wake()
    assert routed(world) == ["job-0"]
