"""A buyer's own server, which keeps every webhook that reached it, as it came."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.kit.waiting import happens


@dataclass(frozen=True, slots=True)
class Posted:
    """One POST, not yet believed."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Receiver:
    """Answers every POST with the next of ``answers``, and with 204 once there are none."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    posts: list[Posted] = field(default_factory=list)

    def about(self, job_id: str) -> list[Posted]:
        """What came about one job, in order."""
        return [post for post in self.posts if post.json["data"]["id"] == job_id]

    async def told(self, job_id: str, *, times: int = 1) -> list[Posted]:
        """What came about one job once it was told that often, which takes no longer than 15 seconds."""
        return await happens(lambda: posts if len(posts := self.about(job_id)) >= times else [], within=15)

    async def _take(self, request: web.Request) -> web.Response:
        self.posts.append(
            Posted({name.lower(): value for name, value in request.headers.items()}, await request.read())
        )
        return web.Response(status=self.answers.pop(0) if self.answers else 204)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free port of loopback."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hear", receiver._take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        receiver.url = f"http://{host}:{port}/hear"
        yield receiver
    finally:
        await runner.cleanup()
