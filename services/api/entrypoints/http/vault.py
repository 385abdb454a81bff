"""The keys of the vault, as an operator rotates them."""

from __future__ import annotations

from typing import Literal

from aiohttp import web
from typing_extensions import TypedDict

from services.api.domain.resealing import KeyUse
from services.api.entrypoints.http.answers import json_answer, list_answer
from services.api.entrypoints.http.call import Call
from services.api.handlers.reseal import reseal, tell_key_uses


class VaultKeyView(TypedDict):
    """A key of the vault, and how much it still seals."""

    id: str
    object: Literal["vault_key"]
    values: int
    listed: bool
    newest: bool
    removable: bool


class ResealedView(TypedDict):
    """What a pass came to; the last two count values by key id."""

    resealed: int
    overtaken: int
    unlisted: dict[str, int]
    damaged: dict[str, int]


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


def _view(use: KeyUse) -> VaultKeyView:
    return {
        "id": use.kid,
        "object": "vault_key",
        "values": use.values,
        "listed": use.listed,
        "newest": use.newest,
        "removable": use.removable,
    }
