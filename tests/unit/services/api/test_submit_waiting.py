"""Orders that nobody can take now: they are accepted where somebody who would do is only throttled or busy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.api.domain.estimate import ENOUGH, Estimate
from services.api.domain.refusals import MinimumDiscountNotMet, NoHealthySellers, Refusal
from services.api.handlers.quote_job import quote_job
from shared.kernel.money import Money
from shared.market.book import Entry
from shared.market.discount import Floor
from shared.market.kinds import KINDS, MUSIC
from shared.market.offers import FeeOnly, Multiplier, Offer
from shared.market.own import Own, OwnRole
from shared.market.selection import Ineligible
from shared.market.standings import Health, Standing
from tests.unit.services.api.market import CATALOGUE, ORDER, Market
from tests.unit.services.api.samples import AT, offer

THROTTLED: dict[str, Any] = {"health": Health.PAUSED, "until": AT + timedelta(seconds=40)}
BUSY: dict[str, Any] = {"in_flight": 100}
TODAY: dict[str, Any] = {"day": "2026-03-04", "spent": Money(21_000)}
LATEST = AT + MUSIC.expires_after - ENOUGH


class Stalled(Market):
    """A market whose only offer, at 70 % of the list, stands so."""

    def __init__(self, *, cap: Money | None = None, **standing: Any) -> None:
        super().__init__()
        self.offer = replace(self.offer, cap_daily=cap)
        self.book.put(Entry(self.offer, 2))
        self.stands(self.offer, **standing)

    def stands(self, which: Offer, **standing: Any) -> None:
        self.book.put_standing(replace(Standing(which.id, revision=1), **standing))

    def also(self, bps: int, **standing: Any) -> Offer:
        another = offer(terms=Multiplier(bps))
        self.book.put(Entry(another, 1))
        self.stands(another, **standing)
        return another


async def refusal(market: Market, floor: Floor | None = None) -> Refusal:
    await market.open()
    with pytest.raises(Refusal) as refused:
        await market.submit(floor=floor)
    assert await market.figures() == (1_000_000, 0, 0)
    return refused.value


@pytest.mark.parametrize("standing", [THROTTLED, BUSY, THROTTLED | BUSY, THROTTLED | {"until": LATEST}])
async def test_an_order_waits_for_an_offer_that_is_only_throttled_or_busy(standing: dict[str, Any]) -> None:
    market = Stalled(**standing)
    await market.open()
    job = (await market.submit(floor=Floor(30))).job
    assert (job.estimated_cost, job.max_cost) == (Money(21_000), Money(23_100))
    assert await market.figures() == (976_900, 23_100, 0)


@pytest.mark.parametrize(
    "standing",
    [
        {"health": Health.SHUT},
        THROTTLED | {"failures": 1},
        THROTTLED | {"until": LATEST + timedelta(milliseconds=1)},
        THROTTLED | TODAY,
        BUSY | TODAY,
    ],
    ids=["its key is refused", "it failed", "until too late", "its cap is reached", "busy, and its cap is reached"],
)
async def test_an_order_does_not_wait_for_an_offer_that_may_not_serve_even_then(standing: dict[str, Any]) -> None:
    assert isinstance(await refusal(Stalled(cap=Money(41_999), **standing)), NoHealthySellers)


async def test_an_order_does_not_wait_for_an_offer_that_is_too_dear() -> None:
    assert isinstance(await refusal(Stalled(**THROTTLED), Floor(31)), NoHealthySellers)


async def test_an_order_waits_for_the_only_offer_that_meets_its_floor() -> None:
    market = Stalled(**THROTTLED)
    market.also(8_000)
    await market.open()
    assert (await market.submit(floor=Floor(30))).job.estimated_cost == Money(21_000)
    with pytest.raises(MinimumDiscountNotMet):
        await market.submit(floor=Floor(31))


async def test_who_can_serve_now_is_not_passed_over_for_a_cheaper_one_that_is_throttled() -> None:
    market = Stalled(**THROTTLED)
    market.also(8_000)
    await market.open()
    assert (await market.submit()).job.estimated_cost == Money(24_000)


async def test_the_cheapest_of_those_that_are_waited_for_is_what_is_estimated() -> None:
    market = Stalled(**THROTTLED)
    market.also(6_000, **THROTTLED | {"failures": 2})
    market.also(8_000, **BUSY)
    await market.open()
    assert (await market.submit()).job.estimated_cost == Money(21_000)


async def test_an_order_waits_for_a_provider_of_the_buyers_own() -> None:
    market = Stalled(health=Health.SHUT)
    own = offer(seller_id=market.buyer.id, terms=FeeOnly(), own=Own(OwnRole.FALLBACK))
    market.book.put(Entry(own, 1))
    market.stands(own, **THROTTLED)
    await market.open()
    assert (await market.submit()).job.estimated_cost == Money(0)


def test_a_quote_tells_the_price_and_why_nobody_serves_at_this_moment() -> None:
    market = Stalled(**THROTTLED)
    told = quote_job(
        market.buyer.id,
        ORDER,
        None,
        catalogue=CATALOGUE,
        kinds=KINDS,
        book=market.book,
        clock=market.clock,
        fee_bps=0,
    )
    assert told.estimate == Estimate(Money(21_000), Money(23_100), Money(30_000))
    assert [each.reason for each in told.candidates] == [Ineligible.UNHEALTHY]
