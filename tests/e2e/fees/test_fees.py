"""A fee of 2.5 %: on what sellers ask, and on the list price where a buyer brings a provider."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.edges import Edge, stands_at
from tests.e2e.market import EFFECT, Buyer, Market
from tests.e2e.own import bring

FEE = 288
"""Of the 11500 that five seconds of effect list at, rounded up."""

EDGES = (
    Edge(97_561, 100_001, "-0.01", None),
    Edge(97_560, 99_999, "0.00", 0),
    Edge(24_392, 25_002, "74.99", 74),
    Edge(24_390, 25_000, "75.00", 75),
    Edge(0, 0, "100.00", 100),
)


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: str(edge.asked))
async def test_the_discount_is_that_of_what_the_buyer_pays_fee_included(market: Market, edge: Edge) -> None:
    await stands_at(market, edge)


async def test_the_fee_comes_on_top_of_what_the_seller_gets(market: Market) -> None:
    buyer, seller = await market.buyer(), await market.seller(EFFECT["model"], multiplier_bps=7000)
    job = await buyer.bought(EFFECT, minimum="min28")
    assert job["usage"] == {"seller_cost_usdc": "8050", "buyer_cost_usdc": "8252", "settlement_status": "confirmed"}
    assert await seller.earned() == "8050"
    assert await _entries(buyer) == {"hold": 9078, "capture": 8050, "fee": 202, "release": 826}
    await _audited(market)


async def test_a_buyers_own_provider_costs_the_fee_on_the_list_price_whatever_the_minimum_discount(
    market: Market,
) -> None:
    buyer = await market.buyer(credit=FEE)
    own = await bring(market, buyer, "priority")
    quote = await buyer.caller.post("/min100/v1/music/quotes", EFFECT)
    (candidate,) = quote["candidates"]
    assert (candidate["estimated_cost_usdc"], candidate["estimated_discount_pct"]) == (str(FEE), "97.49")
    accepted = await buyer.order(EFFECT, minimum="min100")
    assert (accepted["estimated_cost_usdc"], accepted["max_cost_usdc"]) == (str(FEE), str(FEE))
    job = await buyer.ended(accepted["id"])
    assert job["usage"] == {"seller_cost_usdc": "0", "buyer_cost_usdc": str(FEE), "settlement_status": "confirmed"}
    assert len(await own.served()) == 1
    assert await _entries(buyer) == {"hold": FEE, "fee": FEE}
    assert (await buyer.submit(EFFECT)).error["code"] == "insufficient_balance"
    await _audited(market)


async def test_what_the_market_might_have_asked_for_is_held_and_given_back(market: Market) -> None:
    buyer = await market.buyer()
    await market.seller(EFFECT["model"], multiplier_bps=7000)
    await bring(market, buyer, "priority")
    accepted = await buyer.order(EFFECT)
    assert (accepted["estimated_cost_usdc"], accepted["max_cost_usdc"]) == (str(FEE), "9078")
    await buyer.ended(accepted["id"])
    assert await _entries(buyer) == {"hold": 9078, "fee": FEE, "release": 9078 - FEE}
    await _audited(market)


async def test_a_job_that_its_buyers_provider_refuses_is_free(market: Market) -> None:
    buyer = await market.buyer(credit=FEE)
    own = await bring(market, buyer, "fallback")
    await market.provider.misbehave({"do": "refuse", "on": "queue", "key": own.key, "status": 401})
    job = await buyer.bought(EFFECT)
    assert (job["status"], job["usage"]["settlement_status"]) == ("failed", "released"), job
    assert await _entries(buyer) == {"hold": FEE, "release": FEE}
    await _audited(market)


async def _entries(buyer: Buyer) -> dict[str, int]:
    """What moved of this buyer's money, besides the credit it was given."""
    entries: list[dict[str, Any]] = (await buyer.caller.get("/v1/buyer/ledger"))["data"]
    return {entry["kind"]: int(entry["amount_usdc"]) for entry in entries if entry["kind"] != "credit"}


async def _audited(market: Market) -> None:
    audit = await market.operator.get("/admin/v1/audit")
    assert (audit["difference_usdc"], audit["differences"]) == ("0", [])
