"""The secret that signs a buyer's webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import Field

from services.api.domain.refusals import NotFound
from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.strict_json import Body, read_body
from shared.contracts.records.webhook_secret import SealedSecret, secret_binding
from shared.kernel.clock import in_millis, unix
from shared.vault.sealed import Sealed

DAY: Final = 24 * 60 * 60
SHOWN: Final = 12
"""How many leading characters tell one secret from another."""


class RotationBody(Body):
    """How long the old secret signs along."""

    overlap_seconds: Annotated[int, Field(ge=0, le=7 * DAY)] = DAY


async def show_secret(call: Call) -> web.Response:
    """The current secret, by its first characters."""
    secrets = await call.world.secrets.list_of(call.account_id)
    if not secrets:
        raise NotFound("webhook secret")
    return json_answer(_view(call, secrets[0]))


async def rotate(call: Call) -> web.Response:
    """A new secret, shown this once."""
    body = await read_body(call.request, RotationBody)
    at = in_millis(call.world.clock.now())
    secret = await call.world.secrets.rotate(call.account_id, at, timedelta(seconds=body.overlap_seconds))
    return json_answer({"secret": secret.reveal()}, status=201)


def _view(call: Call, secret: SealedSecret) -> dict[str, Any]:
    text = call.world.vault.open(Sealed.parse(secret.sealed), secret_binding(call.account_id, secret.id)).reveal()
    return {
        "id": secret.id,
        "object": "webhook_secret",
        "created": unix(secret.created_at),
        "expires_at": None if secret.expires_at is None else unix(secret.expires_at),
        "prefix": text[:SHOWN],
    }
