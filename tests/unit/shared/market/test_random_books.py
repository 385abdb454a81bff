"""On five hundred books by chance the market chooses as a second reckoning does."""

from __future__ import annotations

from random import Random

import pytest

from services.api.domain.estimate import Estimate, estimate
from shared.market.choice import choose
from shared.market.offers import Cost, reference_cost
from shared.market.selection import Match, candidates
from tests.unit.shared.market.random_books import BUYER, NOW, book, demand_of, order_book, wish
from tests.unit.shared.market.reckoning import Line, Wish, costs, round_up, serves, shortfall, suits, winner

BOOKS = 500


def made(seed: int) -> tuple[Wish, list[Line], Random]:
    chance = Random(seed)
    wanted = wish(chance)
    return wanted, book(chance, wanted), chance


@pytest.mark.parametrize("seed", range(BOOKS))
def test_offer_after_offer_is_chosen_in_the_reckoned_order_until_the_reckoned_end(seed: int) -> None:
    wanted, lines, chance = made(seed)
    known, tried = order_book(lines, chance), set[str]()
    first = demand_of(wanted, None, tried)
    reference = reference_cost(first.model.pricing, first.quantity)
    while True:
        found = choose(known.shelf(first.model.id), known.own(BUYER), demand_of(wanted, reference, tried), NOW)
        expected = winner(lines, wanted, tried)
        if expected is None:
            break
        assert isinstance(found, Match)
        assert (found.offer.id, _paid(found.cost)) == (expected.id, costs(expected, wanted))
        tried.add(expected.id)
    assert not isinstance(found, Match)
    least = None if found.best_cost is None else found.best_cost.micros
    assert (found.shortfall.value, least) == shortfall(lines, wanted, tried)


@pytest.mark.parametrize("seed", range(BOOKS))
def test_what_is_estimated_and_held_and_who_may_serve_is_as_reckoned(seed: int) -> None:
    wanted, lines, chance = made(seed)
    known = order_book(lines, chance)
    blank = demand_of(wanted, None, set())
    demand = demand_of(wanted, reference_cost(blank.model.pricing, blank.quantity), set())
    judged = candidates(known.shelf(blank.model.id), demand, NOW)
    eligible = {each.offer.id for each in judged if each.eligible}
    market = [line for line in lines if line.role is None]
    able = [line for line in lines if serves(line, wanted, set()) and suits(line, wanted)]
    assert eligible == {line.id for line in able if line.role is None}
    assert {each.offer.id for each in judged} == {line.id for line in market if line.status != "withdrawn"}
    told = estimate(known.shelf(blank.model.id), known.own(BUYER), demand, NOW, ends_at=NOW)
    best = winner(lines, wanted, set())
    assert isinstance(told, Estimate) == (best is not None)
    if best is None or not isinstance(told, Estimate):
        return
    paid = costs(best, wanted)
    assert paid is not None
    assert (told.cost.micros, told.maximum.micros) == (paid[1], _held(market, able, wanted))


def _held(market: list[Line], able: list[Line], wanted: Wish) -> int:
    """A tenth more than the cheapest of the market, and never less than the fee of an own provider that may serve."""
    cheapest = winner(market, wanted, set())
    tops = [round_up(cost[1] * 110, 100) for line in [cheapest] if line and (cost := costs(line, wanted))]
    return max([*tops, *(cost[1] for line in able if line.role is not None and (cost := costs(line, wanted)))])


def _paid(cost: Cost) -> tuple[int, int]:
    return cost.seller.micros, cost.buyer.micros
