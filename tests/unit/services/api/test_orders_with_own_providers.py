"""Orders of a buyer with a provider of its own: what is held, what is paid, and what a quote says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.api.domain.estimate import Estimate
from services.api.domain.reader import ByKey
from services.api.domain.refusals import InsufficientBalance, NoHealthySellers
from services.api.domain.settlement import actual_cost
from services.api.handlers.cancel_job import cancel_job
from services.api.handlers.quote_job import quote_job
from services.api.handlers.submit_job import submit_job
from shared.contracts.job_events import JobCreated
from shared.contracts.records.job import JobRecord
from shared.kernel.money import ZERO, Money
from shared.market.book import Entry
from shared.market.choice import role_of
from shared.market.discount import Floor
from shared.market.kinds import KINDS
from shared.market.offers import Cost, FeeOnly, Multiplier, OfferStatus
from shared.market.own import Own, OwnRole
from shared.market.selection import Ineligible
from tests.unit.services.api.market import CATALOGUE, ORDER, Market
from tests.unit.services.api.samples import MODEL, account, attempt, job, offer

FEE = 250
"""750 of the 30000 that the list asks."""


class OwnMarket(Market):
    """The market of a buyer who has a provider; ``fee_bps`` is the market's fee."""

    def __init__(self, role: OwnRole = OwnRole.PRIORITY, fee_bps: int = FEE, credit: int = 1_000_000) -> None:
        super().__init__(account(credited=Money(credit), available=Money(credit)))
        self.fee_bps = fee_bps
        self.own = offer(seller_id=self.buyer.id, terms=FeeOnly(), own=Own(role))
        self.book.put(Entry(self.own, 7))

    def empty(self) -> None:
        """Nobody sells anything any more."""
        self.book.put(Entry(replace(self.offer, status=OfferStatus.WITHDRAWN), 9))

    async def take(self, **changes: Any) -> JobRecord:
        world = replace(self.submitting, fee_bps=self.fee_bps)
        return (await submit_job(self.order(**changes), world=world)).job

    def tried(self, job_id: str) -> None:
        """The buyer's own provider took the job."""
        cost = Cost(ZERO, Money(30_000).share(self.fee_bps))
        self.attempts.put(attempt(job_id, offer_id=self.own.id, seller_id=self.buyer.id, terms=FeeOnly(), cost=cost))


async def test_the_markets_maximum_is_held_where_the_market_may_still_serve() -> None:
    market = OwnMarket()
    await market.open()
    taken = await market.take()
    # 21000 and a fee of 525, and a tenth more.
    assert (taken.estimated_cost, taken.max_cost) == (Money(750), Money(23_678))


async def test_only_the_fee_is_held_where_the_market_has_nobody() -> None:
    market = OwnMarket()
    await market.open()
    market.empty()
    taken = await market.take()
    assert (taken.estimated_cost, taken.max_cost) == (Money(750), Money(750))


async def test_a_floor_that_no_offer_meets_leaves_only_the_fee_to_be_held() -> None:
    market = OwnMarket()
    await market.open()
    taken = await market.take(floor=Floor(100))
    assert (taken.max_cost, taken.minimum_discount) == (Money(750), 100)


async def test_the_hold_covers_the_fee_where_the_market_is_cheaper_still() -> None:
    market = OwnMarket()
    await market.open()
    market.book.put(Entry(replace(market.offer, terms=Multiplier(1)), 9))
    assert (await market.take()).max_cost == Money(750)


async def test_a_fallback_is_estimated_at_what_the_market_asks_as_long_as_it_can() -> None:
    market = OwnMarket(OwnRole.FALLBACK)
    await market.open()
    assert (await market.take()).estimated_cost == Money(21_525)
    market.empty()
    assert (await market.take()).estimated_cost == Money(750)


async def test_without_a_fee_an_order_needs_no_balance_and_no_market() -> None:
    market = OwnMarket(fee_bps=0, credit=0)
    await market.open()
    market.empty()
    taken = await market.take()
    assert taken.max_cost == ZERO
    market.tried(taken.id)
    await market.deliver(taken.id)
    ended = await market.jobs.find(taken.id)
    assert ended is not None
    assert (ended.seller_cost, ended.buyer_cost, ended.settlement_status.value) == (ZERO, ZERO, "confirmed")
    assert [entry for entry in market.entries if entry.job_id is not None] == []
    assert (await market.audit()).difference == 0


async def test_the_fee_needs_a_balance() -> None:
    market = OwnMarket(credit=749)
    await market.open()
    market.empty()
    with pytest.raises(InsufficientBalance):
        await market.take()


async def test_delivered_audio_costs_the_fee_and_pays_no_seller() -> None:
    market = OwnMarket()
    await market.open()
    taken = await market.take(floor=Floor(20))
    market.tried(taken.id)
    await market.deliver(taken.id)
    assert await market.figures() == (999_250, 0, 750)
    kinds = {entry.kind.value: entry.amount.micros for entry in market.entries if entry.job_id == taken.id}
    assert kinds == {"hold": 23_678, "fee": 750, "release": 22_928}
    assert (await market.audit()).difference == 0


async def test_a_canceled_order_gives_everything_back() -> None:
    market = OwnMarket()
    await market.open()
    taken = await market.take()
    assert await market.figures() == (1_000_000 - 23_678, 23_678, 0)
    await cancel_job(taken.id, ByKey(market.buyer.id), world=market.canceling)
    assert await market.figures() == (1_000_000, 0, 0)
    assert (await market.audit()).difference == 0


async def test_another_buyer_is_refused_as_before() -> None:
    market = OwnMarket()
    await market.open()
    market.empty()
    market.book.put(Entry(replace(market.own, seller_id="another"), 8))
    with pytest.raises(NoHealthySellers):
        await market.take()


async def test_a_new_job_says_which_own_providers_there_were() -> None:
    market = OwnMarket()
    await market.open()
    await market.take()
    (said,) = await market.post.arrive()
    assert isinstance(said, JobCreated)
    assert said.own_providers == {market.own.id: 7}


def test_a_quote_names_own_providers_where_they_would_be_asked() -> None:
    market = OwnMarket()
    last = offer(seller_id=market.buyer.id, terms=FeeOnly(), own=Own(OwnRole.FALLBACK))
    market.book.put(Entry(last, 1))
    market.book.put(Entry(offer(seller_id="another", terms=FeeOnly(), own=Own(OwnRole.PRIORITY)), 1))
    told = quote_job(
        market.buyer.id,
        ORDER,
        Floor(50),
        catalogue=CATALOGUE,
        kinds=KINDS,
        book=market.book,
        clock=market.clock,
        fee_bps=FEE,
    )
    assert told.estimate == Estimate(Money(750), Money(750), Money(30_000))
    assert [(each.offer.id, role_of(each), each.reason) for each in told.candidates] == [
        (market.own.id, OwnRole.PRIORITY, None),
        (market.offer.id, None, Ineligible.BELOW_MINIMUM_DISCOUNT),
        (last.id, OwnRole.FALLBACK, None),
    ]


def test_the_floor_of_a_job_does_not_cut_the_fee_on_an_own_provider() -> None:
    ordered = job(minimum_discount=100, fee_bps=FEE)
    tried = attempt("j", terms=FeeOnly(), cost=Cost(ZERO, Money(750)))
    assert actual_cost(ordered, tried, CATALOGUE[MODEL], timedelta(seconds=60)) == Cost(ZERO, Money(750))
