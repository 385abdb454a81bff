"""When a provider is looked at, and what becomes of jobs whose time is up."""

from __future__ import annotations

import asyncio
from itertools import accumulate
from typing import Any

import pytest

from tests.e2e.deadlines.conftest import LIFE_SECONDS
from tests.e2e.market import EFFECT, Market, Order, Seller
from tests.e2e.receiver import receiving

PLAIN: Order = {"model": "venice-stable-audio-25", "prompt": "a drone", "duration_seconds": 5}
SPREAD = 0.1
LATENESS = 0.6
"""Seconds by which a look may come later than planned on a busy machine."""


async def test_looks_keep_to_their_schedule_and_time_ends_every_job(market: Market) -> None:
    """Both at once, because all of it is waiting: a job that is finished after a while, and one that never is."""
    buyer = await market.buyer()
    late = await market.seller(EFFECT["model"])
    never = await market.seller(PLAIN["model"])
    provider = market.provider
    await provider.renders_in(6)
    await provider.misbehave(
        {"do": "never_ready", "key": never.provider_key},
    )
    async with receiving() as receiver:
        orders = [order | {"webhook_url": receiver.url} for order in (EFFECT, PLAIN)]
        accepted = await asyncio.gather(*(buyer.order(order) for order in orders))
        assert all(job["expires_at"] - job["created"] == LIFE_SECONDS for job in accepted)
        done, expired = await asyncio.gather(*(buyer.ended(job["id"]) for job in accepted))
        for job in (done, expired):
            (told,) = await receiver.told(job["id"])
            assert told.json["type"] == f"music.generation.{job['status']}"

    assert done["status"] == "succeeded"
    await _looked_on_schedule(late)
    assert (expired["status"], expired["error"]["code"]) == ("expired", "expired")
    assert expired["usage"]["settlement_status"] == "released"
    assert await _last_look(never) == pytest.approx(LIFE_SECONDS, abs=1.5)
    money = await buyer.money()
    assert (money["held"], money["spent"]) == ("0", done["usage"]["buyer_cost_usdc"])
    assert await never.earned() == "0"
    assert await _audit(market) == "0"


async def _looked_on_schedule(seller: Seller) -> None:
    """The first look 2 s after hand-over, then waits that grow by half, each within a tenth."""
    queued_at, looks = await _calls(seller)
    waits = [2.0, 3.0, 4.5]
    for planned, since in zip(accumulate(waits), looks, strict=False):
        assert planned * (1 - SPREAD) - 0.1 <= since - queued_at <= planned * (1 + SPREAD) + LATENESS
    # The last look, the retrieve by which the audio is fetched, and none between.
    assert len(looks) == len(waits) + 1
    (job,) = await seller.served()
    assert (job["looks"], job["full_retrieves"], job["completes"]) == (3, 1, 1)


async def _last_look(seller: Seller) -> float:
    queued_at, looks = await _calls(seller)
    return looks[-1] - queued_at


async def _calls(seller: Seller) -> tuple[float, list[float]]:
    (queue,) = await seller.provider.calls(seller.provider_key, "/audio/queue")
    retrieves: list[dict[str, Any]] = await seller.provider.calls(seller.provider_key, "/audio/retrieve")
    return queue["at"], [call["at"] for call in retrieves]


async def _audit(market: Market) -> str:
    return str((await market.operator.get("/admin/v1/audit"))["difference_usdc"])
