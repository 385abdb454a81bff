"""The minimum discount to the last micro, and what a seller is told of an offer that gets no jobs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.edges import Edge, stands_at
from tests.e2e.market import EFFECT, OFFERS, Buyer, Market
from tests.e2e.provider import Provider
from tests.kit.waiting import eventually

EDGES = (
    Edge(100_001, 100_001, "-0.01", None),
    Edge(100_000, 100_000, "0.00", 0),
    Edge(25_002, 25_002, "74.99", 74),
    Edge(25_000, 25_000, "75.00", 75),
    Edge(1, 1, "99.99", 99),
    Edge(0, 0, "100.00", 100),
)
"""25002 of 100000 are a discount of 74.998 %."""


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: str(edge.asked))
async def test_a_discount_meets_a_minimum_exactly_or_not_at_all(market: Market, edge: Edge) -> None:
    await stands_at(market, edge)


async def test_a_seller_whose_key_is_refused_reads_why_until_the_key_is_another(
    buyer: Buyer, market: Market, provider: Provider
) -> None:
    seller = await market.seller(EFFECT["model"])
    path = f"{OFFERS}/{seller.offer_id}"
    await provider.misbehave({"do": "refuse", "on": "queue", "key": seller.provider_key, "status": 401})
    assert (await buyer.bought(EFFECT))["error"]["code"] == "no_healthy_sellers"

    async def offer() -> dict[str, Any]:
        shown: dict[str, Any] = await seller.caller.get(path)
        return shown

    async def why() -> Any:
        return (await offer())["reason"]

    reason = await eventually(why)
    assert (await offer())["status"] == "active"
    (line,) = (await seller.caller.get("/v1/seller/health"))["data"]
    assert (line["state"], line["reason"], line["next_probe_at"]) == ("shut", reason, None)
    assert (await buyer.submit(EFFECT)).error["code"] == "no_healthy_sellers"

    market.secrets.add("sim-another-key-of-this-seller")
    changed = await seller.caller.call("PATCH", path, {"api_key": "sim-another-key-of-this-seller"})
    assert (changed.status, changed.json["reason"]) == (200, None)

    async def open_again() -> bool:
        return await why() is None

    await eventually(open_again)
    assert (await buyer.bought(EFFECT))["status"] == "succeeded"
