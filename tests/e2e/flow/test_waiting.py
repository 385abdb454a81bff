"""A buyer who waits is answered when the job ends, or when the time is up."""

from __future__ import annotations

import time

import pytest

from tests.e2e.market import EFFECT, JOBS, Buyer, Market, Seller
from tests.e2e.provider import Provider


@pytest.fixture(autouse=True)
async def seller(market: Market) -> Seller:
    return await market.seller(EFFECT["model"])


async def test_a_wait_ends_with_the_job(buyer: Buyer) -> None:
    job_id = (await buyer.order(EFFECT))["id"]
    began = time.monotonic()
    answer = await buyer.caller.call("GET", f"{JOBS}/{job_id}", headers={"Prefer": "wait=60"})
    assert answer.json["status"] == "succeeded"
    assert time.monotonic() - began < 20


async def test_a_wait_ends_with_its_time(buyer: Buyer, seller: Seller, provider: Provider) -> None:
    await provider.misbehave({"do": "never_ready", "key": seller.provider_key})
    job_id = (await buyer.order(EFFECT))["id"]
    began = time.monotonic()
    job = await buyer.job(job_id, wait=1)
    assert job["status"] in {"queued", "submitted", "running"}
    assert time.monotonic() - began >= 1
    await provider.behave()
    assert (await buyer.ended(job_id))["status"] == "succeeded"


async def test_the_list_shows_the_newest_first_by_page_and_by_status(buyer: Buyer) -> None:
    ids = [(await buyer.order(EFFECT))["id"] for _ in range(3)]
    for job_id in ids:
        await buyer.ended(job_id)
    first = await buyer.caller.get(f"{JOBS}?limit=2&status=succeeded")
    assert [job["id"] for job in first["data"]] == ids[:0:-1]
    assert first["has_more"] is True
    second = await buyer.caller.get(f"{JOBS}?limit=2&after={first['last_id']}")
    assert [job["id"] for job in second["data"]] == ids[:1]
    assert second["has_more"] is False
    assert (await buyer.caller.get(f"{JOBS}?status=failed"))["data"] == []
