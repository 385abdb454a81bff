"""Cancelling: at once while nobody has the job, else as a wish."""

from __future__ import annotations

import pytest

from tests.e2e.market import EFFECT, JOBS, Buyer, Market, Seller
from tests.e2e.provider import Provider
from tests.e2e.receiver import Receiver
from tests.e2e.stack import Stack
from tests.kit.waiting import eventually


@pytest.fixture(autouse=True)
async def seller(market: Market) -> Seller:
    return await market.seller(EFFECT["model"])


async def test_a_job_that_no_router_has_touched_is_canceled_at_once(
    buyer: Buyer, seller: Seller, stack: Stack, receiver: Receiver
) -> None:
    async with stack.frozen("router"):
        job_id = (await buyer.order(EFFECT | {"webhook_url": receiver.url}))["id"]
        answer = await buyer.caller.call("DELETE", f"{JOBS}/{job_id}")
        assert answer.status == 200
        assert answer.json["status"] == "canceled"
        assert answer.json["error"]["code"] == "canceled"
        assert answer.json["usage"]["settlement_status"] == "released"
    (told,) = await receiver.told(job_id)
    assert told.json["type"] == "music.generation.canceled"
    money = await buyer.money()
    assert (money["available"], money["held"]) == (money["credited"], "0")
    await buyer.bought(EFFECT)
    assert len(await seller.served()) == 1, "the thawed router must not submit the canceled job"


async def test_audio_that_is_delivered_after_the_wish_is_the_buyers_and_is_charged(
    buyer: Buyer, seller: Seller, provider: Provider
) -> None:
    await provider.misbehave({"do": "never_ready", "key": seller.provider_key})
    job_id = await _at_the_provider(buyer)
    answer = await buyer.caller.call("DELETE", f"{JOBS}/{job_id}")
    assert answer.status == 200
    assert answer.json["cancel_requested"] is True
    assert answer.json["status"] in {"submitted", "running"}
    assert (await buyer.money())["held"] == "8855"
    again = await buyer.caller.call("DELETE", f"{JOBS}/{job_id}")
    assert (again.status, again.json["cancel_requested"]) == (200, True)
    await provider.behave()
    job = await buyer.ended(job_id)
    assert (job["status"], job["cancel_requested"]) == ("succeeded", True)
    assert job["usage"]["buyer_cost_usdc"] == "8050"


async def test_a_failure_after_the_wish_is_canceled_and_free_and_starts_nothing_new(
    buyer: Buyer, seller: Seller, market: Market, provider: Provider
) -> None:
    other = await market.seller(EFFECT["model"], multiplier_bps=7500)
    await provider.misbehave({"do": "never_ready", "key": seller.provider_key})
    job_id = await _at_the_provider(buyer)
    await buyer.caller.call("DELETE", f"{JOBS}/{job_id}")
    await provider.behave()
    await provider.misbehave({"do": "refuse", "on": "retrieve", "key": seller.provider_key, "status": 422})
    job = await buyer.ended(job_id)
    assert (job["status"], job["usage"]["settlement_status"]) == ("canceled", "released")
    assert await other.served() == []
    money = await buyer.money()
    assert (money["available"], money["held"]) == (money["credited"], "0")


async def _at_the_provider(buyer: Buyer) -> str:
    """Order a job and return its id once its provider has it."""
    job_id = str((await buyer.order(EFFECT))["id"])

    async def taken() -> bool:
        return (await buyer.job(job_id))["status"] in {"submitted", "running"}

    await eventually(taken)
    return job_id
