"""Who is asking, and whether this route is for them."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.api.domain.account import Role
from services.api.domain.api_key import Principal
from services.api.domain.reader import ByToken
from services.api.domain.refusals import InvalidApiKey, WrongKeyType
from services.api.entrypoints.http.call import Caller, Who
from services.api.entrypoints.http.rates import Rate
from services.api.entrypoints.http.refusals import RateLimitExceeded
from services.api.entrypoints.http.world import World
from services.api.handlers.authenticate import authenticate
from shared.kernel.ids import is_id
from shared.kernel.secret import Secret

KEY_ID: Final = "key_id"
"""Where a request keeps the id of its key, for the log."""
RATE: Final = "rate"
"""Where a request keeps how much its key or token may still ask."""
JOB_TOKEN: Final = "X-Job-Token"  # noqa: S105 - the name of a header

_ROLE: Final = {Who.BUYER: Role.BUYER, Who.BUYER_OR_TOKEN: Role.BUYER, Who.SELLER: Role.SELLER}


async def admit(request: web.Request, who: Who, world: World) -> Caller:
    """Who is asking, if they may; with a key and a token the key decides.

    Raises ``InvalidApiKey`` or ``WrongKeyType``, and ``RateLimitExceeded`` for a key or token that asks too often.
    """
    if who is Who.PUBLIC:
        return None
    if who is Who.ADMIN:
        _check_operator(request, world)
        return None
    token = request.headers.get(JOB_TOKEN)
    if who is Who.BUYER_OR_TOKEN and token is not None and "Authorization" not in request.headers:
        return _by_token(request, Secret(token), world)
    return await _principal(request, _ROLE[who], world)


async def _principal(request: web.Request, role: Role, world: World) -> Principal:
    principal = await authenticate(_bearer(request), world=world.authenticating)
    request[KEY_ID] = principal.key_id
    if principal.role is not role:
        raise WrongKeyType(role.value)
    _count(request, world.rates.take(principal))
    return principal


def _by_token(request: web.Request, token: Secret, world: World) -> ByToken:
    """What is not the job's token opens nothing, at the cost of no look-up, and takes nothing from who has it."""
    job_id = request.match_info["job_id"]
    if is_id(job_id) and world.following.signing.verifies(job_id, token.reveal()):
        _count(request, world.rates.take_by_token(job_id))
    return ByToken(token)


def _count(request: web.Request, rate: Rate) -> None:
    request[RATE] = rate
    if rate.exceeded is not None:
        raise RateLimitExceeded(rate.limit, rate.exceeded)


def _check_operator(request: web.Request, world: World) -> None:
    if world.admin_token is None or _bearer(request) != world.admin_token:
        raise InvalidApiKey


def _bearer(request: web.Request) -> Secret:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidApiKey
    return Secret(credentials.strip())
