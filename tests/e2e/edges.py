"""Discounts at their very edges: one seller at a price of its own, asked for by quote and by order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.e2e.market import Market, Order

TUNE: Final[Order] = {"model": "venice-lyria-3-pro", "prompt": "a short tune for a music box"}
"""Whatever comes out, its list price is 100000."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What the seller asks and the buyer pays; the discount as shown, and the largest minimum it meets, if any."""

    asked: int
    paid: int
    shown: str
    meets: int | None


async def stands_at(market: Market, edge: Edge) -> None:
    """Meets every minimum up to that one, and none above it; what is refused leaves nothing behind."""
    await market.seller(TUNE["model"], multiplier_bps=None, price={"generation": str(edge.asked)})
    buyer = await market.buyer()
    beyond = 0 if edge.meets is None else edge.meets + 1
    if beyond <= 100:
        quote = await buyer.caller.post(f"/min{beyond}/v1/music/quotes", TUNE)
        (candidate,) = quote["candidates"]
        assert (candidate["eligible"], candidate["reason"]) == (False, "below_minimum_discount")
        refused = await buyer.submit(TUNE, minimum=f"min{beyond}")
        assert (refused.status, refused.error["code"]) == (503, "minimum_discount_not_met")
        assert f"{edge.shown} %" in refused.error["message"]
        assert (await buyer.money())["held"] == "0"
    within = "" if edge.meets is None else f"min{edge.meets}"
    quote = await buyer.caller.post(f"/{within}/v1/music/quotes" if within else "/v1/music/quotes", TUNE)
    (candidate,) = quote["candidates"]
    assert (candidate["estimated_discount_pct"], candidate["eligible"]) == (edge.shown, True)
    assert (quote["reference_cost_usdc"], quote["estimated_cost_usdc"]) == ("100000", str(edge.paid))
    job = await buyer.bought(TUNE, minimum=within)
    assert (job["status"], job["usage"]["buyer_cost_usdc"]) == ("succeeded", str(edge.paid)), job
    assert job["usage"]["seller_cost_usdc"] == str(edge.asked)
