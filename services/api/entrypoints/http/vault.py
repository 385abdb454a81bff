"""The keys of the vault, as an operator rotates them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from services.api.domain.resealing import KeyUse
from services.api.entrypoints.http.answers import json_answer, list_answer
from services.api.entrypoints.http.call import Call
from services.api.handlers.reseal import reseal, tell_key_uses


async def show_keys(call: Call) -> web.Response:
    """Which keys this process has and how many values each seals; one that is ``removable`` is needed no more."""
    return list_answer(_view(use) for use in await tell_key_uses(world=call.world.resealing))


async def reseal_now(call: Call) -> web.Response:
    """Bring everything under the newest key now, rather than at the next round."""
    made = await reseal(world=call.world.resealing)
    return json_answer(
        {
            "resealed": made.resealed,
            "overtaken": made.overtaken,
            "unlisted": dict(made.unlisted),
            "damaged": dict(made.damaged),
        }
    )


def _view(use: KeyUse) -> dict[str, Any]:
    return {
        "id": use.kid,
        "object": "vault_key",
        "values": use.values,
        "listed": use.listed,
        "newest": use.newest,
        "removable": use.removable,
    }
