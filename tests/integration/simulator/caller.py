"""Someone who calls a simulator: an API key, and what the answers were."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.kit.http import Answer, as_body, bearer

SHORT = {"model": "elevenlabs-music", "prompt": "a short happy jingle", "duration_seconds": 3}


class Reply(Answer):
    """A whole answer, of news or of audio."""

    @property
    def is_audio(self) -> bool:
        return self.headers["Content-Type"].startswith("audio/")


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls one simulator with one key; None sends no key."""

    session: aiohttp.ClientSession
    address: str
    key: str | None = "sim-caller-0001"

    def with_key(self, key: str | None) -> Caller:
        return Caller(self.session, self.address, key)

    def open(self, endpoint: str, document: object) -> Any:
        """The request itself, for tests that read the answer in their own way."""
        url = f"{self.address}/api/v1/audio/{endpoint}"
        return self.session.post(url, data=as_body(document), headers=bearer(self.key))

    async def call(self, endpoint: str, document: object) -> Reply:
        async with self.open(endpoint, document) as response:
            return await Reply.of(response)

    async def queue(self, **fields: object) -> dict[str, Any]:
        """Have a short job taken on; what names it in the other calls."""
        answer = (await self.call("queue", SHORT | fields)).json
        return {"model": answer["model"], "queue_id": answer["queue_id"]}

    async def rendered(self, **fields: object) -> dict[str, Any]:
        """Have a short job taken on, and its audio ready; what names it in the other calls."""
        job = await self.queue(**fields)
        assert (await self.audio(job)).is_audio
        return job

    async def audio(self, job: dict[str, Any], **fields: object) -> Reply:
        """Look until there is audio; each look waits up to a second at the simulator."""
        for _ in range(30):
            reply = await self.call("retrieve", job | fields)
            if reply.status != 200 or reply.is_audio:
                return reply
        raise AssertionError("no audio after thirty looks")

    async def control(self, method: str, path: str, document: object = None) -> Reply:
        url = f"{self.address}/control{path}"
        async with self.session.request(method, url, json=document) as response:
            return await Reply.of(response)

    async def misbehave(self, *behaviors: dict[str, object]) -> None:
        """Put these in force, and nothing else."""
        reply = await self.control("PUT", "/behaviors", {"behaviors": list(behaviors)})
        assert reply.status == 200, reply.body

    async def jobs(self, query: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.control("GET", f"/jobs{query}")).json["jobs"]
        return found

    async def job_when(self, fact: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The only job there is, once ``fact`` holds of it; fails when it does not within ten seconds."""
        async with asyncio.timeout(10):
            while True:
                (known,) = await self.jobs()
                if fact(known):
                    return known

    async def calls(self, query: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.control("GET", f"/calls{query}")).json["calls"]
        return found
