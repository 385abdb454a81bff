"""Someone who calls a simulator: an API key, and what the answers were."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

SHORT = {"model": "elevenlabs-music", "prompt": "a short happy jingle", "duration_seconds": 3}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

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
        headers = {} if self.key is None else {"Authorization": f"Bearer {self.key}"}
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.session.post(f"{self.address}/api/v1/audio/{endpoint}", data=body, headers=headers)

    async def call(self, endpoint: str, document: object) -> Reply:
        async with self.open(endpoint, document) as response:
            return Reply(response.status, response.headers.copy(), await response.read())

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
            return Reply(response.status, response.headers.copy(), await response.read())

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
