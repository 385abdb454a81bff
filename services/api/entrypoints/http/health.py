"""Whether the public address answers; readiness stands on the admin port."""

from aiohttp import web

from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.call import Call


async def show_health(_: Call) -> web.Response:
    """The loop turns."""
    return json_answer({"status": "ok"})
