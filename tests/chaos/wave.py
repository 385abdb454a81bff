"""Many jobs at once, from a buyer who asks again when nobody answers, and what became of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from tests.e2e.market import ENDED, Buyer, Market, Order
from tests.e2e.receiver import Receiver
from tests.kit.http import Answer
from tests.kit.waiting import eventually, happens

MODEL = "venice-elevenlabs-sound-effects-v2"
PRICES = (7000, 7100, 7200)
AT_THE_PROVIDER_SECONDS = 4.0


@dataclass(slots=True)
class Wave:
    """The jobs of one buyer; each has a prompt of its own, by which the provider's record knows it."""

    sea: Sea
    buyer: Buyer
    ids: dict[str, str] = field(default_factory=dict)
    """Of each job that was accepted, by its prompt."""
    ordering: list[asyncio.Task[None]] = field(default_factory=list)

    async def ordered(self) -> None:
        """Wait until every order was answered 202."""
        await asyncio.gather(*self.ordering)

    async def accepted(self, count: int) -> None:
        """Wait until so many orders were answered 202."""
        await happens(lambda: len(self.ids) >= count, within=60, every=0.01)

    async def reaches(self, count: int, *statuses: str) -> None:
        """Wait until that many jobs were seen in one of these statuses."""

        async def there() -> bool:
            jobs = await self.jobs()
            return sum(job["status"] in statuses for job in jobs) >= count

        await eventually(there, within=60)

    async def jobs(self) -> list[dict[str, Any]]:
        """Every job as it is; asked for again while api is gone."""
        jobs: list[dict[str, Any]] = await patiently(self.buyer.jobs)
        return jobs

    async def ends(self, *, within: float) -> list[dict[str, Any]]:
        """Every job once all of them have ended."""
        await self.ordered()

        async def ended() -> list[dict[str, Any]]:
            jobs = await self.jobs()
            left = [job for job in jobs if job["status"] not in ENDED]
            return jobs if jobs and not left else []

        try:
            return await eventually(ended, within=within, every=0.5)
        except AssertionError as late:
            raise AssertionError(await self._left()) from late

    async def _left(self) -> str:
        """What is known of a few jobs that have not ended."""
        left = [job for job in await self.jobs() if job["status"] not in ENDED]
        attempts = await self.sea.attempts(self)
        told = [(job, [one for one in attempts if one["job_id"] == job["id"]]) for job in left[:3]]
        standings = await self.sea.standings()
        return f"{len(left)} of {len(self.ids)} jobs have not ended: {told}; the offers stand so: {standings}"

    async def submitted(self) -> Counter[str]:
        """How often the provider accepted each prompt, by its own record."""
        jobs = await self.sea.provider_jobs()
        return Counter(job["prompt"] for job in jobs if job["prompt"] in self.ids)

    async def told(self) -> dict[str, set[str]]:
        """The webhook ids by which each job's ending was told, once every job was told of."""
        wanted = set(self.ids.values())
        heard: dict[str, set[str]] = {}

        async def all_told() -> bool:
            for post in self.sea.receiver.posts:
                heard.setdefault(post.json["data"]["id"], set()).add(post.id)
            return wanted <= heard.keys()

        await eventually(all_told, within=90, every=0.2)
        return {job_id: heard[job_id] for job_id in wanted}


@dataclass(slots=True)
class Sea:
    """The market on which waves go."""

    market: Market
    receiver: Receiver

    async def open(self) -> None:
        """Have three sellers stand ready."""
        await self.market.provider.renders_in(AT_THE_PROVIDER_SECONDS)
        for price in PRICES:
            await self.market.seller(MODEL, multiplier_bps=price, max_concurrent=1000)

    async def wave(self, count: int) -> Wave:
        """Order so many jobs at once; none of the orders need be answered yet."""
        buyer = await self.market.buyer(jobs_in_flight=10_000, requests_per_minute=1_000_000)
        wave = Wave(self, buyer)
        name = uuid4().hex[:8]
        wave.ordering = [asyncio.create_task(self._order(wave, f"rain {name} {number}")) for number in range(count)]
        return wave

    async def _order(self, wave: Wave, prompt: str) -> None:
        order: Order = {"model": MODEL, "prompt": prompt, "duration_seconds": 1, "webhook_url": self.receiver.url}

        async def post() -> Answer:
            answer = await wave.buyer.submit(order, Idempotency_Key=f"once-{prompt.replace(' ', '-')}")
            assert answer.status in {202, 409, 503}, answer.body
            if answer.status != 202:
                raise aiohttp.ClientError(answer.body)
            return answer

        answer: Answer = await patiently(post)
        wave.ids[prompt] = answer.json["id"]

    async def provider_jobs(self) -> list[dict[str, Any]]:
        """Every job that the provider ever accepted."""
        found: list[dict[str, Any]] = (await self.market.provider.caller.get("/control/jobs"))["jobs"]
        return found

    async def attempts(self, wave: Wave) -> list[dict[str, Any]]:
        """The record of attempts at the jobs of a wave."""
        return await self._records("attempts", {"job_id": {"$in": list(wave.ids.values())}})

    async def standings(self) -> list[dict[str, Any]]:
        """The record of how each offer stands."""
        return await self._records("standings", {})

    async def _records(self, collection: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        mongo: AsyncMongoClient[dict[str, Any]]
        async with AsyncMongoClient(self.market.stack.at["MONGO_URL"]) as mongo:
            database: AsyncDatabase[dict[str, Any]] = mongo[self.market.stack.at["MONGO_DATABASE"]]
            return await database[collection].find(wanted).to_list()

    async def difference(self) -> str:
        """By how much the books are off."""
        audit = await self.market.operator.get("/admin/v1/audit")
        return str(audit["difference_usdc"])


async def patiently(ask: Callable[[], Any], within: float = 60) -> Any:
    """Ask until somebody answers."""

    async def answered() -> tuple[Any] | None:
        try:
            return (await ask(),)
        except aiohttp.ClientError:
            return None

    (answer,) = await eventually(answered, within=within, every=0.1)
    return answer
