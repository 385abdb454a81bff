"""Whether the public address answers; readiness stands on the admin port."""

from typing import Literal

from aiohttp import web
from typing_extensions import TypedDict

from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.call import Call


class HealthView(TypedDict):
    """The loop turns."""

    status: Literal["ok"]


async def show_health(_: Call) -> web.Response:
    """The loop turns."""
    return json_answer({"status": "ok"})
