"""Each process keeps the book as the market is."""

from dataclasses import replace

from services.router.handlers.keep_book import hear_of_offer, hear_of_standing, load_book
from services.router.handlers.news import standing_changed
from shared.contracts.market_events import OfferChanged, OfferStandingChanged
from shared.market.offers import OfferStatus
from shared.market.standings import Health, Standing
from shared.providers.outcomes import Pause, Refused
from tests.unit.services.router.market import AT, MODEL, offer
from tests.unit.services.router.world import World


def changed(revision: int, status: str = "active") -> OfferChanged:
    return OfferChanged(offer_id="offer", revision=revision, seller_id="s", model=MODEL.id, status=status)


async def shut(world: World) -> None:
    await world.open(offer())
    world.answers(Refused("bad key", Pause.KEY, 401))
    await world.route()
    assert (await world.standing("offer")).health is Health.SHUT


async def test_a_new_offer_is_in_the_book_as_soon_as_it_is_heard_of(world: World) -> None:
    world.offers.put(offer())
    assert await hear_of_offer(changed(1), routing=world.routing) == ()
    assert world.routing.book.find("offer") == offer()


async def test_a_withdrawn_offer_takes_no_job(world: World) -> None:
    await world.open(offer())
    world.offers.put(offer(status=OfferStatus.WITHDRAWN), 2)
    await hear_of_offer(changed(2, "withdrawn"), routing=world.routing)
    await world.route()
    assert world.asked() == []


async def test_news_of_an_offer_that_is_gone_changes_nothing(world: World) -> None:
    assert await hear_of_offer(changed(1), routing=world.routing) == ()


async def test_a_shut_offer_opens_when_its_seller_changes_it(world: World) -> None:
    await shut(world)
    world.offers.put(offer(key_id="new"), 2)
    (said,) = await hear_of_offer(changed(2), routing=world.routing)
    assert isinstance(said, OfferStandingChanged)
    assert said.health == "healthy"
    await world.route("next")
    assert world.provider.asked("submit")[-1].access.api_key.reveal() == "opened new"


async def test_hearing_of_the_refused_revision_again_opens_nothing(world: World) -> None:
    await shut(world)
    assert await hear_of_offer(changed(1), routing=world.routing) == ()
    assert (await world.standing("offer")).health is Health.SHUT


async def test_a_change_that_nobody_heard_of_is_found_when_the_book_is_read(world: World) -> None:
    await shut(world)
    world.offers.put(offer(key_id="new"), 2)
    (said,) = await load_book(routing=world.routing)
    assert isinstance(said, OfferStandingChanged)
    assert await load_book(routing=world.routing) == []


async def test_what_another_router_says_of_a_standing_is_believed_unless_older(world: World) -> None:
    await world.open(offer())
    newer = Standing("offer", health=Health.PAUSED, reason="full", until=AT, failures=2, in_flight=3, revision=9)
    await hear_of_standing(standing_changed(newer), routing=world.routing)
    await hear_of_standing(standing_changed(replace(newer, revision=8, failures=0)), routing=world.routing)
    assert world.routing.book.standing("offer") == newer


async def test_a_standing_survives_the_wire(world: World) -> None:
    told = Standing("offer", Health.PAUSED, "full", AT, 2, 3, "2026-05-01", revision=4, used_at=AT)
    heard = OfferStandingChanged.model_validate_json(standing_changed(told).model_dump_json())
    await hear_of_standing(heard, routing=world.routing)
    assert world.routing.book.standing("offer") == told
