"""Ordering: what is answered, what is held, and that a repetition changes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.integration.api.caller import JOBS, Caller

pytestmark = pytest.mark.usefixtures("market")

ANSWERED = [
    "id",
    "object",
    "kind",
    "status",
    "created",
    "expires_at",
    "estimated_cost_usdc",
    "max_cost_usdc",
    "poll_url",
    "cancel_url",
    "job_token",
]


async def available(buyer: Caller) -> int:
    return int((await buyer.get("/v1/buyer/me")).json["available_usdc"])


async def test_an_order_is_accepted_with_exactly_the_promised_names(buyer: Caller) -> None:
    reply = await buyer.order()
    assert reply.status == 202
    job = reply.json
    assert list(job) == ANSWERED
    assert (job["object"], job["kind"], job["status"]) == ("media.job", "music", "queued")
    assert (job["estimated_cost_usdc"], job["max_cost_usdc"]) == ("21000", "23100")
    assert job["expires_at"] == job["created"] + 900
    assert job["poll_url"] == job["cancel_url"] == f"https://busker.example{JOBS}/{job['id']}"
    assert reply.headers["Location"] == job["poll_url"]
    assert reply.headers["Retry-After"] == "2"
    assert reply.headers["openai-poll-after-ms"] == "2000"
    assert reply.headers["X-Request-Id"]
    assert "Server" not in reply.headers


async def test_an_order_holds_its_maximum(buyer: Caller) -> None:
    before = await available(buyer)
    await buyer.order()
    assert await available(buyer) == before - 23_100


async def test_an_order_under_a_minimum_discount_is_polled_without_it(buyer: Caller) -> None:
    reply = await buyer.order("/min30" + JOBS)
    assert reply.status == 202
    assert reply.json["poll_url"] == f"https://busker.example{JOBS}/{reply.json['id']}"


async def test_an_order_that_no_offer_is_cheap_enough_for_holds_nothing(buyer: Caller) -> None:
    before = await available(buyer)
    reply = await buyer.order("/min31" + JOBS)
    assert (reply.status, reply.code) == (503, "minimum_discount_not_met")
    assert "30.00" in reply.error["message"]
    assert await available(buyer) == before


async def test_an_order_beyond_the_balance_says_what_is_needed(open_buyer: Any) -> None:
    poor = await open_buyer(credit=100)
    reply = await poor.order()
    assert (reply.status, reply.code) == (402, "insufficient_balance")
    assert "23100" in reply.error["message"]
    assert "100" in reply.error["message"]
    assert reply.headers["x-should-retry"] == "false"


async def test_too_many_jobs_at_once_are_refused_for_now(open_buyer: Any) -> None:
    busy = await open_buyer(limits={"jobs_in_flight": 1})
    assert (await busy.order()).status == 202
    reply = await busy.order()
    assert (reply.status, reply.code) == (429, "too_many_jobs")
    assert reply.headers["Retry-After"] == "5"
    assert "x-ratelimit-remaining-requests" in reply.headers
    assert "x-should-retry" not in reply.headers


async def test_the_same_key_and_body_give_the_first_answer_again(buyer: Caller) -> None:
    key = {"Idempotency-Key": "order-1"}
    first, second = await buyer.order(headers=key), await buyer.order(headers=key)
    assert second.status == 202
    assert second.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len((await buyer.get(JOBS)).json["data"]) == 1


async def test_many_at_once_with_one_key_make_one_job(buyer: Caller) -> None:
    key = {"Idempotency-Key": "order-2"}
    replies = await asyncio.gather(*(buyer.order(headers=key) for _ in range(8)))
    assert {reply.status for reply in replies} == {202}
    assert len({reply.body for reply in replies}) == 1


async def test_the_same_key_with_another_body_or_discount_is_refused(buyer: Caller) -> None:
    key = {"Idempotency-Key": "order-3"}
    await buyer.order(headers=key)
    for reply in (await buyer.order(headers=key, prompt="another"), await buyer.order("/min1" + JOBS, headers=key)):
        assert (reply.status, reply.code) == (422, "idempotency_key_reused")


async def test_a_refused_order_leaves_its_key_free(buyer: Caller) -> None:
    key = {"Idempotency-Key": "order-4"}
    assert (await buyer.order("/min90" + JOBS, headers=key)).status == 503
    assert (await buyer.order(headers=key)).status == 202


@pytest.mark.parametrize("key", ["a b", "é", "x" * 256])
async def test_a_key_that_is_not_visible_ascii_is_refused(buyer: Caller, key: str) -> None:
    reply = await buyer.order(headers={"Idempotency-Key": key})
    assert (reply.status, reply.code, reply.error["param"]) == (400, "invalid_request", "Idempotency-Key")


async def test_metadata_comes_back_unchanged(buyer: Caller) -> None:
    metadata = {"$where": "1", "a.b": [1, 2.5, None, True, {"ü": "\n"}], "": {}, "large": 2**70}
    job = (await buyer.order(metadata=metadata)).json
    assert (await buyer.get(f"{JOBS}/{job['id']}")).json["metadata"] == metadata


async def test_a_quote_tells_what_an_order_would_cost_and_holds_nothing(buyer: Caller, market: dict[str, Any]) -> None:
    before = await available(buyer)
    quote = (await buyer.order("/v1/music/quotes")).json
    assert quote["model"] == "venice-ace-step-15"
    assert (quote["reference_cost_usdc"], quote["estimated_cost_usdc"], quote["max_cost_usdc"]) == (
        "30000",
        "21000",
        "23100",
    )
    assert quote["estimated_discount_pct"] == "30.00"
    assert quote["candidates"] == [
        {
            "offer_id": market["id"],
            "own": None,
            "estimated_cost_usdc": "21000",
            "estimated_fee_usdc": "0",
            "estimated_discount_pct": "30.00",
            "eligible": True,
            "reason": None,
        }
    ]
    dear = (await buyer.order("/min31/v1/music/quotes")).json
    assert dear["estimated_cost_usdc"] is None
    assert dear["refusal"]["code"] == "minimum_discount_not_met"
    assert dear["candidates"][0]["reason"] == "below_minimum_discount"
    assert await available(buyer) == before
