"""A buyer's own providers: asked before the market or after it, for nothing where the market takes no fee."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.e2e.market import EFFECT, Buyer, Market
from tests.e2e.own import PROVIDERS, bring
from tests.e2e.provider import Provider

FREE = {"seller_cost_usdc": "0", "buyer_cost_usdc": "0", "settlement_status": "confirmed"}
RELEASED = FREE | {"settlement_status": "released"}


async def test_a_priority_provider_gets_the_job_though_the_market_is_cheap(buyer: Buyer, market: Market) -> None:
    seller = await market.seller(EFFECT["model"], multiplier_bps=1)
    own = await bring(market, buyer, "priority")
    job = await buyer.bought(EFFECT)
    assert (job["status"], job["usage"], job["attempts"]) == ("succeeded", FREE, 1), job
    assert (len(await own.served()), await seller.served()) == (1, [])
    health = (await own.shown())["health"]
    assert [each["job_id"] for each in health["recent_attempts"]] == [job["id"]]
    await _paid_nothing(buyer)
    await _audited(market)


async def test_every_one_of_many_jobs_goes_to_it_from_the_moment_it_is_entered(buyer: Buyer, market: Market) -> None:
    seller = await market.seller(EFFECT["model"])
    own = await bring(market, buyer, "priority")
    jobs = await asyncio.gather(*(buyer.bought(EFFECT) for _ in range(5)))
    assert [job["usage"] for job in jobs] == [FREE] * 5
    assert (len(await own.served()), await seller.served()) == (5, [])


async def test_where_it_refuses_the_market_serves_and_is_paid(buyer: Buyer, market: Market, provider: Provider) -> None:
    seller = await market.seller(EFFECT["model"], multiplier_bps=7000)
    own = await bring(market, buyer, "priority")
    await provider.misbehave({"do": "refuse", "on": "queue", "key": own.key, "status": 402})
    job = await buyer.bought(EFFECT)
    assert (job["status"], job["attempts"], job["usage"]["buyer_cost_usdc"]) == ("succeeded", 2, "8050"), job
    assert await seller.earned() == "8050"
    health = (await own.shown())["health"]
    assert (health["state"], health["open"]) == ("shut", False)
    await buyer.bought(EFFECT)
    assert len(await provider.calls(own.key, "/audio/queue")) == 1, "a key that was refused is not tried again"


async def test_a_fallback_serves_when_the_market_has_nobody_left(
    buyer: Buyer, market: Market, provider: Provider
) -> None:
    seller = await market.seller(EFFECT["model"])
    own = await bring(market, buyer, "fallback")
    first = await buyer.bought(EFFECT)
    assert (first["usage"]["buyer_cost_usdc"], await own.served()) == ("8050", [])
    await provider.misbehave({"do": "refuse", "on": "queue", "key": seller.provider_key, "status": 503})
    second = await buyer.bought(EFFECT)
    assert (second["status"], second["attempts"], second["usage"]) == ("succeeded", 2, FREE), second
    assert len(await own.served()) == 1
    money = await buyer.money()
    assert (money["held"], money["spent"]) == ("0", "8050")
    await _audited(market)


async def test_a_discount_that_nobody_gives_is_no_matter_to_a_provider_of_the_buyers_own(market: Market) -> None:
    penniless = await market.buyer(credit=0)
    seller = await market.seller(EFFECT["model"])
    own = await bring(market, penniless, "fallback", models=[EFFECT["model"]])
    accepted = await penniless.order(EFFECT, minimum="min100")
    assert (accepted["estimated_cost_usdc"], accepted["max_cost_usdc"]) == ("0", "0")
    job = await penniless.ended(accepted["id"])
    assert (job["status"], job["usage"]) == ("succeeded", FREE), job
    assert (len(await own.served()), await seller.served()) == (1, [])
    audio = await penniless.caller.call("GET", job["results"][0]["download_url"])
    assert (audio.status, len(audio.body)) == (200, job["results"][0]["bytes"])
    await _paid_nothing(penniless)


async def test_a_job_that_fails_there_gives_everything_back(buyer: Buyer, market: Market, provider: Provider) -> None:
    own = await bring(market, buyer, "priority")
    await provider.misbehave({"do": "refuse", "on": "queue", "key": own.key, "status": 503})
    failed = await buyer.bought(EFFECT)
    assert (failed["status"], failed["usage"]) == ("failed", RELEASED), failed
    await _paid_nothing(buyer)
    await _audited(market)


async def test_nobody_else_reaches_it(buyer: Buyer, market: Market) -> None:
    own = await bring(market, buyer, "priority")
    stranger = await market.buyer()
    for method in ("GET", "PATCH", "DELETE"):
        document: dict[str, Any] | None = {} if method == "PATCH" else None
        assert (await stranger.caller.call(method, f"{PROVIDERS}/{own.id}", document)).status == 404
    refused = await stranger.submit(EFFECT)
    assert (refused.status, refused.error["code"]) == (503, "no_healthy_sellers")
    assert (await buyer.submit(EFFECT)).status == 202


async def test_a_deleted_provider_is_asked_no_more(buyer: Buyer, market: Market) -> None:
    own = await bring(market, buyer, "priority")
    assert (await buyer.caller.call("DELETE", f"{PROVIDERS}/{own.id}")).status == 204
    assert (await buyer.submit(EFFECT)).error["code"] == "no_healthy_sellers"
    assert await buyer.jobs() == []


async def test_what_it_renders_is_no_trade_of_the_markets(buyer: Buyer, market: Market) -> None:
    model = "venice-sonilo-v1-1-music"
    await bring(market, buyer, "priority", models=[model])
    before = await _line(market, model)
    job = await buyer.bought(EFFECT | {"model": model})
    assert job["usage"] == FREE
    assert await _line(market, model) == before
    assert before["sellers"] == 0


async def _line(market: Market, model: str) -> dict[str, Any]:
    lines = (await market.anybody.get("/api/markets"))["markets"]
    found: dict[str, Any] = next(line for line in lines if line["model"] == model)
    return found


async def _paid_nothing(buyer: Buyer) -> None:
    money = await buyer.money()
    assert (money["available"], money["held"], money["spent"]) == (money["credited"], "0", "0")


async def _audited(market: Market) -> None:
    audit = await market.operator.get("/admin/v1/audit")
    assert (audit["difference_usdc"], audit["differences"]) == ("0", [])
