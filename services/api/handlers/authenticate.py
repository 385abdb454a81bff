"""Tell from an API key who is asking."""

from __future__ import annotations

from dataclasses import dataclass

from services.api.domain.api_key import Principal, digest, well_formed
from services.api.domain.refusals import InvalidApiKey
from services.api.ports import Accounts, ApiKeys, RememberedKeys
from shared.kernel.clock import Clock
from shared.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class Authenticating:
    """What telling who is asking needs."""

    keys: ApiKeys
    accounts: Accounts
    remembered: RememberedKeys
    clock: Clock


async def authenticate(presented: Secret, *, world: Authenticating) -> Principal:
    """Whose key it is; raises :class:`InvalidApiKey` for any key that opens nothing, without saying why."""
    text = presented.reveal()
    if not well_formed(text):
        raise InvalidApiKey
    hashed = digest(text)
    principal = world.remembered.recall(hashed)
    return principal or await _look_up(hashed, world)


async def _look_up(hashed: str, world: Authenticating) -> Principal:
    now = world.clock.now()
    key = await world.keys.by_digest(hashed)
    if key is None or not key.good_at(now):
        raise InvalidApiKey
    account = await world.accounts.find(key.account_id)
    if account is None:
        raise InvalidApiKey
    principal = Principal(account.id, account.role, key.id, account.limits)
    world.remembered.remember(hashed, principal, key.expires_at)
    await world.keys.note_used(key.id, now)
    return principal
