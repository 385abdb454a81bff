"""Keys of callers, and the secrets that sign webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from services.api.domain.api_key import ApiKey, Principal
from services.api.domain.outbox import Letter
from services.api.ports.outbox import Outbox
from shared.contracts.records.webhook_secret import SealedSecret
from shared.kernel.secret import Secret


class ApiKeys(Outbox, Protocol):
    """API keys, by hash."""

    async def add(self, key: ApiKey, *, most: int) -> bool:
        """Keep a new key; False when the account has ``most`` good ones already."""
        ...

    async def by_digest(self, digest: str) -> ApiKey | None:
        """The key of that hash, good or not."""
        ...

    async def list_of(self, account_id: str) -> list[ApiKey]:
        """The account's keys that were not revoked, newest first."""
        ...

    async def revoke(self, account_id: str, key_id: str, at: datetime, letter: Letter) -> bool:
        """Make the account's own key open nothing from now on; False when it has no such key."""
        ...

    async def note_used(self, key_id: str, at: datetime) -> None:
        """Keep when the key was last used, to the minute."""
        ...


class RememberedKeys(Protocol):
    """Keys that this process need not look up for some seconds."""

    def recall(self, digest: str) -> Principal | None:
        """Whose key it is, if that was looked up a moment ago."""
        ...

    def remember(self, digest: str, principal: Principal, until: datetime | None) -> None:
        """Keep the answer for some seconds, never beyond ``until``, when the key expires."""
        ...

    def forget(self, key_id: str) -> None:
        """Ask again next time."""
        ...


class WebhookSecrets(Protocol):
    """Buyers' webhook secrets, sealed."""

    async def ensure(self, buyer_id: str, at: datetime) -> None:
        """Make the buyer's first secret unless there is one."""
        ...

    async def list_of(self, buyer_id: str) -> list[SealedSecret]:
        """Newest first, replaced ones included."""
        ...

    async def rotate(self, buyer_id: str, at: datetime, overlap: timedelta) -> Secret:
        """Make a new secret; older ones go on signing until ``overlap`` is over."""
        ...
