"""API keys of an account, made, listed and revoked with one of them."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from services.api.domain.api_key import ApiKey, Principal
from services.api.entrypoints.http.answers import json_answer, list_answer, no_content
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.shapes import Id, Unix
from services.api.entrypoints.http.strict_json import Body, read_body
from services.api.handlers.create_key import create_key
from services.api.handlers.list_keys import list_keys
from services.api.handlers.revoke_key import revoke_key
from shared.kernel.clock import from_unix, unix


class KeyBody(Body):
    """A new key."""

    label: Annotated[str, Field(min_length=1, max_length=100)]
    expires_at: Annotated[int | None, Field(ge=0, le=32_503_680_000, description="Unix seconds.")] = None


class KeyView(TypedDict):
    """A key, by its first characters."""

    id: Id
    object: Literal["api_key"]
    label: str
    prefix: str
    created: Unix
    expires_at: Unix | None
    last_used_at: Unix | None


class MadeKeyView(KeyView):
    """A new key, with the text that is shown this once."""

    api_key: str


async def create(call: Call) -> web.Response:
    """A key, with the text that is shown this once."""
    body = await read_body(call.request, KeyBody)
    assert isinstance(call.caller, Principal)
    made = await create_key(
        call.account_id,
        call.caller.role,
        label=body.label,
        expires_at=None if body.expires_at is None else from_unix(body.expires_at),
        keeping=call.world.keeping,
    )
    return json_answer({"api_key": made.text.reveal(), **_view(made.key)}, status=201)


async def show_keys(call: Call) -> web.Response:
    """Those that were not revoked."""
    return list_answer(_view(key) for key in await list_keys(call.account_id, keys=call.world.keeping.keys))


async def revoke(call: Call) -> web.Response:
    """From now on the key opens nothing; that may be the one that asks."""
    selling = call.world.selling
    await revoke_key(
        call.account_id,
        call.id_of("key"),
        keys=call.world.keeping.keys,
        remembered=call.world.remembered,
        post=selling.post,
        clock=call.world.clock,
    )
    return no_content()


def _view(key: ApiKey) -> KeyView:
    return {
        "id": key.id,
        "object": "api_key",
        "label": key.label,
        "prefix": key.prefix,
        "created": unix(key.created_at),
        "expires_at": None if key.expires_at is None else unix(key.expires_at),
        "last_used_at": None if key.last_used_at is None else unix(key.last_used_at),
    }
