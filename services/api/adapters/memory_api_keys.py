"""API keys in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.api.adapters.memory_outbox import MemoryOutbox
from services.api.domain.api_key import ApiKey
from services.api.domain.outbox import Letter


class MemoryApiKeys(MemoryOutbox):
    """See :class:`services.api.ports.ApiKeys`."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: dict[str, ApiKey] = {}

    async def add(self, key: ApiKey, *, most: int) -> bool:
        mine = [known for known in self._keys.values() if known.account_id == key.account_id]
        if sum(known.good_at(key.created_at) for known in mine) >= most:
            return False
        self._keys[key.id] = key
        return True

    async def by_digest(self, digest: str) -> ApiKey | None:
        return next((key for key in self._keys.values() if key.digest == digest), None)

    async def list_of(self, account_id: str) -> list[ApiKey]:
        mine = [key for key in self._keys.values() if key.account_id == account_id and key.revoked_at is None]
        return sorted(mine, key=lambda key: (key.created_at, key.id), reverse=True)

    async def revoke(self, account_id: str, key_id: str, at: datetime, letter: Letter) -> bool:
        key = self._keys.get(key_id)
        if key is None or key.account_id != account_id or key.revoked_at is not None:
            return False
        self._keys[key_id] = replace(key, revoked_at=at)
        self._keep(key_id, letter)
        return True

    async def note_used(self, key_id: str, at: datetime) -> None:
        key = self._keys[key_id]
        if key.last_used_at is None or key.last_used_at < at - timedelta(minutes=1):
            self._keys[key_id] = replace(key, last_used_at=at)
