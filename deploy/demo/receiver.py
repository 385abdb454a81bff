"""A buyer's own server: it takes webhooks and believes only what the published library verifies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Heard:
    """One webhook that was verified."""

    message_id: str
    body: dict[str, Any]


class Receiver:
    """Where webhooks arrive; ``url`` is known once it serves."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self.url = ""

    async def next(self, within: float) -> Heard:
        """The next verified webhook; raises TimeoutError when none comes in that many seconds."""
        async with asyncio.timeout(within):
            return await self._heard.get()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Receiver]:
        """Serve on a free port of this machine."""
        app = web.Application()
        app.router.add_post("/webhooks", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.url = f"http://{host}:{port}/webhooks"
            yield self
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        text = await request.text()
        try:
            body = self._webhook.verify(text, dict(request.headers))
        except WebhookVerificationError:
            return web.Response(status=401)
        self._heard.put_nowait(Heard(request.headers["webhook-id"], body))
        return web.Response(status=204)
