"""Idempotency keys: one claim at a time, each buyer's own, taken over when its handler is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from services.api.adapters.memory_requests import MemoryRequests
from services.api.adapters.mongo_requests import MongoRequests
from services.api.domain.claim import LEASE, Claimed, ClaimedElsewhere
from services.api.ports import Requests
from shared.storage.mongo import Database
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT


@dataclass(frozen=True)
class Kept:
    requests: Requests
    lapse: Callable[[], Awaitable[None]]
    """Let every lease run out."""


@pytest.fixture
async def kept(database: Database | None) -> Kept:
    if database is None:
        clock = StoppedClock(AT)
        return Kept(MemoryRequests(clock), lambda: clock.sleep(LEASE.total_seconds() + 1))
    collection = database["requests"]
    requests = MongoRequests(collection)
    await requests.ensure_indexes()

    async def lapse() -> None:
        await collection.update_many({}, [{"$set": {"leased_until": {"$subtract": ["$$NOW", 1]}}}])

    return Kept(requests, lapse)


async def claim(kept: Kept, job_id: str, fingerprint: str = "f", buyer: str = "b1") -> Claimed | ClaimedElsewhere:
    return await kept.requests.claim(buyer, "$key.1", fingerprint=fingerprint, job_id=job_id)


async def test_a_new_key_names_the_job_it_is_claimed_for(kept: Kept) -> None:
    assert await claim(kept, "j1") == Claimed("j1")
    assert await claim(kept, "j2") == ClaimedElsewhere("j1", "f")


async def test_of_many_claims_at_once_one_wins(kept: Kept) -> None:
    claims = await asyncio.gather(*(claim(kept, f"j{n}") for n in range(50)))
    won = [each for each in claims if isinstance(each, Claimed)]
    assert len(won) == 1
    assert {each.job_id for each in claims} == {won[0].job_id}


async def test_keys_of_two_buyers_have_nothing_to_do_with_each_other(kept: Kept) -> None:
    assert await claim(kept, "j1") == Claimed("j1")
    assert await claim(kept, "j2", buyer="b2") == Claimed("j2")


async def test_a_lapsed_claim_is_taken_over_with_the_job_it_names(kept: Kept) -> None:
    await claim(kept, "j1")
    await kept.lapse()
    claims = await asyncio.gather(*(claim(kept, f"j{n}") for n in range(2, 7)))
    assert claims.count(Claimed("j1")) == 1
    assert claims.count(ClaimedElsewhere("j1", "f")) == 4


async def test_another_body_takes_nothing_over(kept: Kept) -> None:
    await claim(kept, "j1")
    await kept.lapse()
    assert await claim(kept, "j2", "other") == ClaimedElsewhere("j1", "f")


async def test_a_freed_key_is_new(kept: Kept) -> None:
    claimed = await claim(kept, "j1")
    assert isinstance(claimed, Claimed)
    assert await kept.requests.free("b1", "$key.1", claimed)
    assert not await kept.requests.free("b1", "$key.1", claimed)
    assert await claim(kept, "j2", "other") == Claimed("j2")


async def test_a_key_is_freed_by_its_own_buyer_only(kept: Kept) -> None:
    claimed = await claim(kept, "j1")
    assert isinstance(claimed, Claimed)
    assert not await kept.requests.free("b2", "$key.1", claimed)
    assert await claim(kept, "j2") == ClaimedElsewhere("j1", "f")


async def test_a_key_that_was_taken_over_is_not_freed_by_who_held_it_before(kept: Kept) -> None:
    before = await claim(kept, "j1")
    assert isinstance(before, Claimed)
    await kept.lapse()
    await claim(kept, "j2")
    assert not await kept.requests.free("b1", "$key.1", before)
    assert await claim(kept, "j3") == ClaimedElsewhere("j1", "f")
