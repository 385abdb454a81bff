"""The admin port of a process: alive, ready, and its metrics.  Never reachable by buyers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


def health_app(failing: Callable[[], Awaitable[Sequence[str]]]) -> web.Application:
    """``/healthz`` says the loop turns; ``/readyz`` says what is ``failing``, if anything is."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        found = await failing()
        return web.json_response({"ready": not found, "failing": [*found]}, status=503 if found else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app
