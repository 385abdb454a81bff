"""Twenty routers that look at one offer at the same time never give it more than its seller allows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest

from services.router.adapters.memory_readings import MemoryKeys
from services.router.domain.next_step import Ask
from services.router.domain.reservation import Reservation
from services.router.handlers.keep_book import load_book
from services.router.handlers.open_attempt import Opened, Opening, open_attempt
from services.router.handlers.routing import Routing
from shared.kernel.clock import in_millis
from shared.kernel.money import ZERO, Money
from shared.market.catalogue import shipped_catalogue
from shared.market.offers import Offer
from shared.market.selection import NoMatch, Shortfall
from shared.market.standings import Health
from shared.storage.mongo import Driver
from tests.contract.services.router.worlds import MongoWorld, mongo_world
from tests.unit.services.router.market import offer, order

ROUTERS, JOBS, ROOM = 20, 60, 10
COST = 21_000
FIRST = Ask(number=1, tried=frozenset())
CAPPED = offer("full", 7_000, cap_daily=Money(ROOM * COST + COST - 1))
BUSY = offer("full", 7_000, max_concurrent=ROOM)
ELSEWHERE = offer("elsewhere", 9_000, max_concurrent=1000)


@dataclass(frozen=True)
class Routers:
    """Routers with connections and books of their own, on one database."""

    worlds: list[MongoWorld]
    routing: list[Routing]

    async def open(self, *offers: Offer) -> None:
        for each in offers:
            await self.worlds[0].put_offer(each, 1)
        for routing in self.routing:
            await load_book(routing=routing)

    async def race(self) -> list[Opening]:
        """Each router opens attempts for its share of the jobs, all at once."""
        jobs = (order(f"job-{number}") for number in range(JOBS))
        return await asyncio.gather(
            *(open_attempt(job, FIRST, self.routing[number % ROUTERS]) for number, job in enumerate(jobs))
        )


@pytest.fixture(params=["motor", "pymongo"])
async def routers(request: pytest.FixtureRequest, mongo_url: str, database_name: str) -> AsyncIterator[Routers]:
    driver: Driver = request.param
    async with AsyncExitStack() as stack:
        worlds = [
            await stack.enter_async_context(mongo_world(mongo_url, database_name, driver)) for _ in range(ROUTERS)
        ]
        yield Routers(worlds, [_routing(world) for world in worlds])


@pytest.mark.parametrize("full", [CAPPED, BUSY], ids=["daily cap", "in flight"])
async def test_as_many_jobs_as_there_is_room_for_get_the_offer_and_the_rest_go_elsewhere(
    routers: Routers, full: Offer
) -> None:
    await routers.open(full, ELSEWHERE)
    outcomes = await routers.race()
    assert _offers(outcomes) == {"full": ROOM, "elsewhere": JOBS - ROOM}
    await _nothing_beyond(routers, full)


@pytest.mark.parametrize("full", [CAPPED, BUSY], ids=["daily cap", "in flight"])
async def test_where_there_is_nobody_else_the_rest_are_told_so(routers: Routers, full: Offer) -> None:
    await routers.open(full)
    outcomes = await routers.race()
    assert _offers(outcomes) == {"full": ROOM}
    others = [outcome for outcome in outcomes if isinstance(outcome, NoMatch)]
    assert len(others) == JOBS - ROOM
    assert {other.shortfall for other in others} == {Shortfall.NO_HEALTHY_SELLERS}
    # Who is only busy may be waited for; a cap that is used up lasts until tomorrow.
    assert {other.waits_until is not None for other in others} == {full is BUSY}
    await _nothing_beyond(routers, full)


async def test_one_job_of_all_that_any_router_has_tries_an_offer_out_after_its_pause(routers: Routers) -> None:
    standings, now = routers.worlds[0].standings, in_millis(routers.worlds[0].clock.now())
    tried = offer("full", 7_000)
    taken = await standings.reserve(tried, Reservation("before:1:r", tried.id, Money(COST), now))
    assert await standings.settle(tried.id, "before:1:r", ZERO)
    pause = replace(taken.standing, health=Health.PAUSED, reason="broken", until=now, failures=1)
    assert await standings.change(taken.standing, pause, offer_revision=1)
    await routers.open(tried, ELSEWHERE)
    outcomes = await routers.race()
    assert _offers(outcomes) == {"full": 1, "elsewhere": JOBS - 1}
    probes = [each for each in outcomes if isinstance(each, Opened) and each.reserved.probe]
    assert [probe.attempt.offer_id for probe in probes] == ["full"]


def _routing(world: MongoWorld) -> Routing:
    return Routing(
        catalogue=shipped_catalogue(),
        attempts=world.attempts,
        standings=world.standings,
        offers=world.offers,
        jobs=world.jobs,
        artifacts=world.artifacts,
        keys=MemoryKeys(),
        providers={},
        clock=world.clock,
        random=lambda: 0.5,
    )


def _offers(outcomes: list[Opening]) -> Counter[str]:
    return Counter(outcome.attempt.offer_id for outcome in outcomes if isinstance(outcome, Opened))


async def _nothing_beyond(routers: Routers, full: Offer) -> None:
    standing = await routers.worlds[0].standings.find(full.id)
    assert (standing.in_flight, standing.spent) == (ROOM, Money(ROOM * COST))
