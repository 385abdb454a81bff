"""The paths Venice has, under /api/v1."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from deploy.simulator.http.desk import Desk
from deploy.simulator.provider import Provider
from deploy.simulator.refusals import error_body

BASE: Final = "/api/v1"


def audio_routes(provider: Provider, desk: Desk) -> list[web.RouteDef]:
    """The five calls, and a 404 in the provider's own words for every other path below the base."""

    async def quote(request: web.Request) -> web.StreamResponse:
        return await desk.handle(request, "quote", lambda document, _: provider.quote(document), needs_key=False)

    async def queue(request: web.Request) -> web.StreamResponse:
        return await desk.handle(request, "queue", provider.queue)

    async def retrieve(request: web.Request) -> web.StreamResponse:
        return await desk.handle(request, "retrieve", provider.retrieve)

    async def complete(request: web.Request) -> web.StreamResponse:
        return await desk.handle(request, "complete", provider.complete)

    async def models(request: web.Request) -> web.StreamResponse:
        kind = request.query.get("type", "text")
        return await desk.handle(request, "models", lambda _document, _key: provider.models(kind))

    return [
        web.post(f"{BASE}/audio/quote", quote),
        web.post(f"{BASE}/audio/queue", queue),
        web.post(f"{BASE}/audio/retrieve", retrieve),
        web.post(f"{BASE}/audio/complete", complete),
        web.get(f"{BASE}/models", models),
        web.route("*", f"{BASE}/{{rest:.*}}", _unknown),
    ]


async def _unknown(_request: web.Request) -> web.StreamResponse:
    return web.json_response(error_body(404, message="Not found"), status=404)
