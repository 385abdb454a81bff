"""Where every offer refuses, a router asks them in the order of a second reckoning, and says the reckoned end."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from services.router.domain.next_step import MOST_ATTEMPTS
from services.router.handlers.route_job import route_job
from shared.contracts.job_events import JobUnroutable
from shared.kernel.money import Money
from shared.market.catalogue import Catalogue
from shared.market.offers import reference_cost
from shared.market.parameters import Parameters
from shared.providers.outcomes import Pause, Refused
from tests.unit.services.router.market import MODEL, created, job
from tests.unit.services.router.world import World
from tests.unit.shared.market.random_books import book, demand_of, model_of, offer_of, standing_of, wish
from tests.unit.shared.market.reckoning import Line, Wish, costs, shortfall, winner

BOOKS = 500
BAD_KEY = Refused("bad key", Pause.KEY, 401)
DEAREST = 10**9


@pytest.mark.parametrize("seed", range(BOOKS))
async def test_every_attempt_is_the_reckoned_one_at_the_reckoned_cost(world: World, seed: int) -> None:
    chance = Random(seed)
    wanted = _with_maximum(wish(chance))
    lines = book(chance, wanted)
    for line in lines:
        world.standings.put(standing_of(line))
    await world.open(*(offer_of(line) for line in lines))
    world.answers(*[BAD_KEY] * len(lines))
    said = await _route(world, wanted)

    expected, tried = list[Line](), set[str]()
    while len(expected) < MOST_ATTEMPTS and (best := winner(lines, wanted, tried)) is not None:
        expected.append(best)
        tried.add(best.id)
    made = await world.attempts.of_job("job")
    asked = [(each.offer_id, (each.cost.seller.micros, each.cost.buyer.micros)) for each in made]
    assert asked == [(line.id, costs(line, wanted)) for line in expected]
    assert world.asked() == [line.id for line in expected]
    if "job" in world.routing.waiting:
        assert len(expected) < MOST_ATTEMPTS
        return
    assert isinstance(said[-1], JobUnroutable)
    full = len(expected) == MOST_ATTEMPTS
    assert said[-1].code == ("no_healthy_sellers" if full else shortfall(lines, wanted, tried)[0])


def _with_maximum(wanted: Wish) -> Wish:
    """A stored order always has one."""
    return wanted if wanted.ceiling is not None else replace(wanted, ceiling=DEAREST)


async def _route(world: World, wanted: Wish) -> list[object]:
    parameters = Parameters(MODEL.id, "x" * wanted.characters, duration_seconds=wanted.seconds)
    demand = demand_of(wanted, None, set())
    assert wanted.ceiling is not None
    world.jobs.put(job())
    order = created(
        parameters=parameters.data(),
        minimum_discount=wanted.floor,
        reference_cost_usdc=reference_cost(demand.model.pricing, demand.quantity),
        max_cost_usdc=Money(wanted.ceiling),
        fee_bps=wanted.fee_bps,
    )
    routing = replace(world.routing, catalogue=Catalogue([model_of(wanted)]))
    return list(await route_job(order, routing=routing))
