"""The same key twice is one job."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.e2e.market import EFFECT, Buyer, Market, Seller


@pytest.fixture(autouse=True)
async def seller(market: Market) -> Seller:
    return await market.seller(EFFECT["model"])


@pytest.fixture
def key() -> str:
    return f"order-{uuid4()}"


async def test_the_same_order_again_is_answered_as_the_first(buyer: Buyer, key: str) -> None:
    first = await buyer.submit(EFFECT, Idempotency_Key=key)
    again = await buyer.submit(EFFECT, Idempotency_Key=key)
    assert (first.status, again.status) == (202, 202)
    assert again.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(await buyer.jobs()) == 1


async def test_many_at_once_make_one_job_and_one_hold(buyer: Buyer, seller: Seller, key: str) -> None:
    answers = await asyncio.gather(*(buyer.submit(EFFECT, Idempotency_Key=key) for _ in range(20)))
    taken = [answer.json for answer in answers if answer.status == 202]
    late = [answer for answer in answers if answer.status != 202]
    assert {accepted["id"] for accepted in taken} == {taken[0]["id"]}
    assert all(answer.error["code"] == "idempotency_in_flight" for answer in late)
    await buyer.ended(taken[0]["id"])
    assert len(await seller.served()) == 1
    assert (await buyer.money())["spent"] == "8050"


async def test_another_order_under_the_same_key_is_refused(buyer: Buyer, key: str) -> None:
    await buyer.submit(EFFECT, Idempotency_Key=key)
    for other in (
        await buyer.submit(EFFECT | {"duration_seconds": 6}, Idempotency_Key=key),
        await buyer.submit(EFFECT, minimum="min10", Idempotency_Key=key),
    ):
        assert (other.status, other.error["code"]) == (422, "idempotency_key_reused")
    assert len(await buyer.jobs()) == 1


async def test_a_refused_order_leaves_its_key_free(buyer: Buyer, key: str) -> None:
    refused = await buyer.submit(EFFECT, minimum="min99", Idempotency_Key=key)
    assert refused.status == 503
    taken = await buyer.submit(EFFECT, Idempotency_Key=key)
    assert taken.status == 202
    assert "Idempotent-Replayed" not in taken.headers


@pytest.mark.parametrize("bad", ["", "a key", "k" * 256, "schlüssel"])
async def test_a_key_that_is_none_is_refused(buyer: Buyer, bad: str) -> None:
    answer = await buyer.submit(EFFECT, Idempotency_Key=bad)
    assert (answer.status, answer.error["code"]) == (400, "invalid_request")
    assert answer.error["param"] == "Idempotency-Key"
    assert await buyer.jobs() == []
