"""Many jobs with cancels, failures and killed services among them: every micro is where the ledger says.

``CHAOS_JOBS`` says how many jobs, 250 unless told; the promise is for 2000.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from tests.chaos.wave import Sea, Wave, patiently
from tests.e2e.market import JOBS, Market
from tests.kit.waiting import eventually

pytestmark = pytest.mark.chaos

CROWD = int(os.environ.get("CHAOS_JOBS", "250"))
ENDS_WITHIN_SECONDS = 120 + CROWD / 4
MISHAPS: tuple[dict[str, Any], ...] = (
    {"do": "refuse", "on": "queue", "status": 400, "every": 11},
    {"do": "refuse", "on": "queue", "status": 503, "every": 13},
    {"do": "refuse", "on": "retrieve", "status": 422, "every": 17},
    {"do": "cut", "framing": "honest", "every": 19},
)
"""A fault of the order's own, a busy provider, a job that fails after it was accepted, and half the audio."""


@pytest.fixture
async def stormy(sea: Sea) -> AsyncIterator[Sea]:
    """The sea while its provider misbehaves."""
    await sea.market.provider.misbehave(*MISHAPS)
    yield sea
    await sea.market.provider.behave()


async def test_whatever_happens_to_jobs_all_money_is_accounted_for(stormy: Sea) -> None:
    stack, chance = stormy.market.stack, random.Random(CROWD)
    wave = await stormy.wave(CROWD)
    await wave.accepted(min(CROWD // 4, 100))
    await cancel_some(wave, chance)
    await stack.kill("api")
    await stack.up()
    await wave.ordered()
    await stack.kill("poller")
    await stack.up()
    await cancel_some(wave, chance)
    jobs = await wave.ends(within=ENDS_WITHIN_SECONDS)
    assert len(jobs) == CROWD
    assert {"succeeded", "failed", "canceled"} <= {job["status"] for job in jobs}
    await assert_settled(wave)
    jobs = await wave.jobs()
    assert_paid_for_audio_alone(jobs)
    assert_told_by_the_ledger(jobs, await statement(wave), await wave.buyer.money(), wave.buyer.id)
    await assert_nothing_is_missing(stormy.market)


async def cancel_some(wave: Wave, chance: random.Random) -> None:
    """Be rid of one in six of the jobs accepted by now, in whatever state each is."""
    for job_id in chance.sample(sorted(wave.ids.values()), len(wave.ids) // 6):
        answer = await patiently(partial(wave.buyer.caller.call, "DELETE", f"{JOBS}/{job_id}"))
        assert answer.status == 200, answer.body


async def assert_settled(wave: Wave) -> None:
    """Every hold is gone, and the audit has nothing in transit and finds nothing."""

    async def all_well() -> bool:
        money, audit = await wave.buyer.money(), await wave.sea.market.operator.get("/admin/v1/audit")
        return (money["held"], audit["in_transit_usdc"], audit["difference_usdc"]) == ("0", "0", "0")

    await eventually(all_well, within=60, every=0.5)


def assert_paid_for_audio_alone(jobs: list[dict[str, Any]]) -> None:
    for job in jobs:
        paid = job["status"] == "succeeded"
        assert job["usage"]["settlement_status"] == ("confirmed" if paid else "released"), job
        assert (int(job["usage"]["buyer_cost_usdc"]) > 0) is paid, job


async def statement(wave: Wave) -> list[dict[str, Any]]:
    """Every movement of the buyer's money."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await wave.buyer.caller.get(f"/v1/buyer/ledger?limit=100{after}")
        found += page["data"]
        if not page["has_more"]:
            return found
        after = f"&after={page['last_id']}"


def assert_told_by_the_ledger(
    jobs: list[dict[str, Any]], entries: list[dict[str, Any]], money: dict[str, str], buyer_id: str
) -> None:
    """The ledger alone retells each job's money and the balances."""
    of_job: dict[str, Counter[str]] = {job["id"]: Counter() for job in jobs}
    balances: Counter[str] = Counter()
    for entry in entries:
        amount = int(entry["amount_usdc"])
        balances.update({entry["debit"]: -amount, entry["credit"]: amount})
        if entry["job_id"] is not None:
            assert entry["kind"] not in of_job[entry["job_id"]], "each movement happens once"
            of_job[entry["job_id"]][entry["kind"]] = amount
    for job in jobs:
        moved = of_job[job["id"]]
        assert moved["hold"] == moved["capture"] + moved["fee"] + moved["release"] > 0
        assert moved["capture"] + moved["fee"] == int(job["usage"]["buyer_cost_usdc"])
    assert balances[f"buyer_available:{buyer_id}"] == int(money["available"])
    assert balances[f"buyer_held:{buyer_id}"] == int(money["held"]) == 0
    assert balances["seller_payable"] + balances["marketplace_fee"] == int(money["spent"])


async def assert_nothing_is_missing(market: Market) -> None:
    """What buyers have, sellers have earned and the market took is what was ever issued."""
    audit = await market.operator.get("/admin/v1/audit")
    lies = {name: int(micros) for name, micros in audit["sums"]["by_account"].items()}
    assert sum(lies.values()) == 0
    assert lies["buyer_held"] == 0
    assert lies["seller_payable"] == sum([int(await seller.earned()) for seller in market.sellers])
    assert lies["buyer_available"] == int(audit["sums"]["available_usdc"])
    assert -lies["credits_issued"] == int(audit["sums"]["credited_usdc"])
