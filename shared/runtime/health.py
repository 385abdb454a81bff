"""The admin port of a process: alive, ready, and its metrics.  Never reachable by buyers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], bool]


def health_app(checks: Mapping[str, Check]) -> web.Application:
    """``/healthz`` says the loop turns; ``/readyz`` says which check fails, if one does."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        failing = sorted(name for name, check in checks.items() if not check())
        return web.json_response({"ready": not failing, "failing": failing}, status=503 if failing else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app
