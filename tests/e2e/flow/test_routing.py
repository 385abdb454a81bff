"""Who gets a job: the cheapest that qualifies, and when that one fails, the next."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.e2e.market import EFFECT, Buyer, Market, Seller
from tests.e2e.provider import Provider

CHEAP, DEAR = 7000, 7500
"""Near enough that the maximum held for the cheap one pays the dear one too."""

SPOILT = (
    {"do": "cut", "framing": "honest"},
    {"do": "cut", "framing": "lying"},
    {"do": "cut", "framing": "chunked"},
    {"do": "fake_audio", "form": "random"},
    {"do": "fake_audio", "form": "html"},
    {"do": "fake_audio", "form": "empty"},
)
OTHERS = (
    "venice-mmaudio-v2-text-to-audio",
    "venice-sonilo-v1-1-sound-effects",
    "venice-sonilo-v1-1-music",
    "venice-stable-audio-25",
    "venice-elevenlabs-music",
)
LAST = "venice-seed-audio-1-0"
"""Models that take the same order as the effect."""

RELEASED = {"seller_cost_usdc": "0", "buyer_cost_usdc": "0", "settlement_status": "released"}


@pytest.fixture
async def cheap(market: Market) -> Seller:
    return await market.seller(EFFECT["model"], multiplier_bps=CHEAP)


@pytest.fixture
async def dear(market: Market, cheap: Seller) -> Seller:
    return await market.seller(EFFECT["model"], multiplier_bps=DEAR)


async def test_between_offers_that_qualify_the_cheapest_gets_the_job(buyer: Buyer, cheap: Seller, dear: Seller) -> None:
    job = await buyer.bought(EFFECT, minimum="min25")
    assert job["status"] == "succeeded"
    assert job["usage"]["buyer_cost_usdc"] == "8050"
    assert (len(await cheap.served()), len(await dear.served())) == (1, 0)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 429, 503])
async def test_a_seller_whose_provider_refuses_is_passed_over(
    buyer: Buyer, cheap: Seller, dear: Seller, provider: Provider, status: int
) -> None:
    await provider.misbehave({"do": "refuse", "on": "queue", "key": cheap.provider_key, "status": status})
    job = await buyer.bought(EFFECT)
    await _was_served_by(dear, job)
    assert len(await provider.calls(cheap.provider_key, "/audio/queue")) == 1


async def test_the_only_seller_is_asked_again_when_its_provider_has_had_the_pause_it_wanted(
    buyer: Buyer, cheap: Seller, provider: Provider
) -> None:
    throttled = {"do": "refuse", "on": "queue", "status": 429, "retry_after": 1, "times": 1}
    await provider.misbehave(throttled | {"key": cheap.provider_key})
    job = await buyer.bought(EFFECT)
    await _was_served_by(cheap, job)
    assert len(await provider.calls(cheap.provider_key, "/audio/queue")) == 2


async def test_a_seller_whose_provider_may_have_taken_the_job_is_not_asked_twice(
    buyer: Buyer, cheap: Seller, dear: Seller, provider: Provider
) -> None:
    await provider.misbehave({"do": "accept_then_drop", "on": "queue", "key": cheap.provider_key})
    job = await buyer.bought(EFFECT)
    await _was_served_by(dear, job)
    assert job["attempts"] == 2
    for seller in (cheap, dear):
        assert len(await provider.calls(seller.provider_key, "/audio/queue")) == 1


async def test_a_second_provider_that_may_have_taken_the_job_ends_it(
    buyer: Buyer, market: Market, cheap: Seller, dear: Seller, provider: Provider
) -> None:
    third = await market.seller(EFFECT["model"], multiplier_bps=DEAR)
    await provider.misbehave({"do": "accept_then_drop", "on": "queue"})
    job = await buyer.bought(EFFECT)
    await _failed_for_free(buyer, job, "provider_error")
    served = [len(await seller.served()) for seller in (cheap, dear, third)]
    assert sum(served) == 2


async def test_what_breaks_the_rules_of_content_ends_the_job_with_a_suggestion(
    buyer: Buyer, cheap: Seller, dear: Seller, provider: Provider
) -> None:
    await provider.misbehave(
        {"do": "refuse", "on": "queue", "key": cheap.provider_key, "status": 422, "suggested_prompt": "rain, politely"}
    )
    job = await buyer.bought(EFFECT)
    await _failed_for_free(buyer, job, "content_policy")
    assert "rain, politely" in job["error"]["message"]
    assert await dear.served() == []


async def test_a_job_that_its_provider_accepted_and_then_failed_goes_to_the_next(
    buyer: Buyer, cheap: Seller, dear: Seller, provider: Provider
) -> None:
    await provider.misbehave({"do": "refuse", "on": "retrieve", "key": cheap.provider_key, "status": 500})
    job = await buyer.bought(EFFECT)
    await _was_served_by(dear, job)
    assert await cheap.earned() == "0"


async def test_audio_that_is_none_or_not_all_of_it_is_never_sold(
    buyer: Buyer, market: Market, provider: Provider
) -> None:
    """Each kind on a model of its own, all at once: a fetch is tried three times before it is given up.

    The next seller serves; where there is none, the job fails for free.
    """
    models = [EFFECT["model"], *OTHERS]
    cheap = [await market.seller(model, multiplier_bps=CHEAP) for model in models]
    dear = [await market.seller(model, multiplier_bps=DEAR) for model in models]
    last, unlucky = await market.seller(LAST), await market.buyer()
    spoilers = zip((*SPOILT, SPOILT[-1]), (*cheap, last), strict=True)
    await provider.misbehave(*(spoiling | {"key": seller.provider_key} for spoiling, seller in spoilers))
    failed, *jobs = await asyncio.gather(
        unlucky.bought(EFFECT | {"model": LAST}), *(buyer.bought(EFFECT | {"model": model}) for model in models)
    )
    for job, seller, spoiler in zip(jobs, dear, cheap, strict=True):
        await _was_served_by(seller, job)
        assert await spoiler.earned() == "0"
    await _failed_for_free(unlucky, failed, "artifact_rejected")
    assert await last.earned() == "0"


async def test_when_everybody_refuses_the_job_fails_for_free(
    buyer: Buyer, cheap: Seller, dear: Seller, provider: Provider
) -> None:
    await provider.misbehave({"do": "refuse", "on": "queue", "status": 401})
    job = await buyer.bought(EFFECT)
    await _failed_for_free(buyer, job, "no_healthy_sellers")


async def test_a_model_that_nobody_sells_is_refused_before_anything_is_held(buyer: Buyer) -> None:
    answer = await buyer.submit(EFFECT)
    assert (answer.status, answer.error["code"]) == (503, "no_healthy_sellers")
    await _left_nothing_behind(buyer)


async def test_a_discount_that_nobody_gives_is_refused_with_the_best_there_is(
    buyer: Buyer, cheap: Seller, dear: Seller
) -> None:
    answer = await buyer.submit(EFFECT, minimum="min31")
    assert (answer.status, answer.error["code"]) == (503, "minimum_discount_not_met")
    assert "30" in answer.error["message"]
    await _left_nothing_behind(buyer)


async def test_a_hair_below_the_minimum_does_not_meet_it(buyer: Buyer, market: Market) -> None:
    await market.seller(EFFECT["model"], multiplier_bps=None, price={"per_second": "1726"})
    answer = await buyer.submit(EFFECT, minimum="min25")
    assert answer.error["code"] == "minimum_discount_not_met"
    assert (await buyer.submit(EFFECT, minimum="min24")).status == 202


async def test_a_quote_says_the_same_as_the_order_and_holds_nothing(buyer: Buyer, cheap: Seller, dear: Seller) -> None:
    quote = await buyer.caller.post("/min28/v1/music/quotes", EFFECT)
    assert quote["reference_cost_usdc"] == "11500"
    assert quote["estimated_cost_usdc"] == "8050"
    assert quote["max_cost_usdc"] == "8855"
    eligible = {candidate["offer_id"]: candidate["eligible"] for candidate in quote["candidates"]}
    assert eligible == {cheap.offer_id: True, dear.offer_id: False}
    await _left_nothing_behind(buyer)


async def _was_served_by(seller: Seller, job: dict[str, Any]) -> None:
    assert job["status"] == "succeeded", job
    assert await seller.earned() == job["usage"]["seller_cost_usdc"] != "0"


async def _failed_for_free(buyer: Buyer, job: dict[str, Any], code: str) -> None:
    assert (job["status"], job["error"]["code"]) == ("failed", code), job
    assert job["usage"] == RELEASED
    money = await buyer.money()
    assert (money["available"], money["held"], money["spent"]) == (money["credited"], "0", "0")


async def _left_nothing_behind(buyer: Buyer) -> None:
    money = await buyer.money()
    assert (money["available"], money["held"], money["spent"]) == (money["credited"], "0", "0")
    assert await buyer.jobs() == []
