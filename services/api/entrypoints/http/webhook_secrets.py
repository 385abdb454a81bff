"""The secret that signs a buyer's webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.shapes import Id, Unix
from services.api.entrypoints.http.strict_json import Body, read_body
from services.api.handlers.read_webhook_secret import read_webhook_secret
from services.api.handlers.rotate_webhook_secret import LONGEST, OVERLAP, rotate_webhook_secret
from shared.contracts.records.webhook_secret import SealedSecret, secret_binding
from shared.kernel.clock import unix
from shared.vault.sealed import Sealed

SHOWN: Final = 12
"""How many leading characters tell one secret from another."""


class RotationBody(Body):
    """How long the old secret signs along."""

    overlap_seconds: Annotated[int, Field(ge=0, le=int(LONGEST.total_seconds()))] = int(OVERLAP.total_seconds())


class SecretView(TypedDict):
    """A secret, by its first characters."""

    id: Id
    object: Literal["webhook_secret"]
    created: Unix
    expires_at: Unix | None
    prefix: str


class NewSecretView(TypedDict):
    """A secret, shown this once."""

    secret: str


async def show_secret(call: Call) -> web.Response:
    """The current secret, by its first characters."""
    asking = call.world.asking
    return json_answer(
        _view(call, await read_webhook_secret(call.account_id, secrets=asking.secrets, clock=asking.clock))
    )


async def rotate(call: Call) -> web.Response:
    """A new secret, shown this once."""
    body = await read_body(call.request, RotationBody)
    asking, overlap = call.world.asking, timedelta(seconds=body.overlap_seconds)
    secret = await rotate_webhook_secret(call.account_id, overlap=overlap, secrets=asking.secrets, clock=asking.clock)
    return json_answer({"secret": secret.reveal()}, status=201)


def _view(call: Call, secret: SealedSecret) -> SecretView:
    text = call.world.vault.open(Sealed.parse(secret.sealed), secret_binding(call.account_id, secret.id)).reveal()
    return {
        "id": secret.id,
        "object": "webhook_secret",
        "created": unix(secret.created_at),
        "expires_at": None if secret.expires_at is None else unix(secret.expires_at),
        "prefix": text[:SHOWN],
    }
