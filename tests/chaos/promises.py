"""What must hold of a wave, whatever happened meanwhile."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.chaos.wave import Wave
from tests.kit.waiting import eventually

PRICE = 1_610
"""Of one job at the cheapest seller: a second at 70 % of 2300."""


async def assert_all_promises(wave: Wave, *, within: float) -> list[dict[str, Any]]:
    """Every job ends well, is paid once, told under one id, and was submitted no more often than is on record."""
    jobs = await wave.ends(within=within)
    assert {job["id"] for job in jobs} == set(wave.ids.values()), "each order made one job"
    assert Counter(job["status"] for job in jobs) == {"succeeded": len(jobs)}, _unlike(jobs)
    await _nothing_is_held(wave, jobs)
    await _no_submit_is_unrecorded(wave)
    told = await wave.told()
    assert [ids for ids in told.values() if len(ids) > 1] == []
    assert await wave.sea.difference() == "0"
    return jobs


async def _nothing_is_held(wave: Wave, jobs: list[dict[str, Any]]) -> None:
    spent = sum(int(job["usage"]["buyer_cost_usdc"]) for job in jobs)
    assert {job["usage"]["settlement_status"] for job in jobs} <= {"pending", "confirmed"}

    async def settled() -> bool:
        money = await wave.buyer.money()
        return (money["held"], money["spent"]) == ("0", str(spent))

    await eventually(settled, within=30)


async def _no_submit_is_unrecorded(wave: Wave) -> None:
    """Whatever the provider accepted more than once is on record as an attempt of which nobody knew."""
    accepted = await wave.submitted()
    attempts = await wave.sea.attempts(wave)
    sent = Counter(attempt["job_id"] for attempt in attempts if attempt["state"] in {"succeeded", "submitted"})
    unknown = Counter(attempt["job_id"] for attempt in attempts if attempt["state"] == "unknown")
    for prompt, job_id in wave.ids.items():
        assert sent[job_id] <= accepted[prompt] <= sent[job_id] + unknown[job_id], (prompt, job_id)


def _unlike(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [job for job in jobs if job["status"] != "succeeded"][:5]
