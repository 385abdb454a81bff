"""Make an API key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.api.domain.account import Role
from services.api.domain.api_key import MOST_KEYS, RANDOM_BYTES, SHOWN, ApiKey, NewKey, digest, key_text
from services.api.domain.refusals import InvalidRequest
from services.api.ports import ApiKeys
from shared.kernel.clock import Clock, in_millis
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Keeping:
    """What making and revoking keys needs."""

    keys: ApiKeys
    clock: Clock
    random_bytes: Callable[[int], bytes]
    """Unpredictable ones, such as ``secrets.token_bytes``."""


async def create_key(
    account_id: str, role: Role, *, label: str, expires_at: datetime | None = None, keeping: Keeping
) -> NewKey:
    """A key and its text, which nobody can read again.  An account has at most 25 good ones."""
    now = in_millis(keeping.clock.now())
    if expires_at is not None and expires_at <= now:
        raise InvalidRequest("expires_at lies in the past", param="expires_at")
    text = key_text(role, keeping.random_bytes(RANDOM_BYTES))
    key = ApiKey(
        id=new_id(),
        account_id=account_id,
        role=role,
        label=label,
        prefix=text.reveal()[:SHOWN],
        digest=digest(text.reveal()),
        created_at=now,
        expires_at=expires_at,
    )
    if not await keeping.keys.add(key, most=MOST_KEYS):
        raise InvalidRequest(f"an account has at most {MOST_KEYS} keys; revoke one first")
    return NewKey(key, text)
