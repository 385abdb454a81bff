"""Webhook secrets in memory; nothing is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared.contracts.records.webhook_secret import SealedSecret
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret


class MemoryWebhookSecrets:
    """See :class:`services.api.ports.WebhookSecrets`."""

    def __init__(self) -> None:
        self._secrets: dict[str, list[SealedSecret]] = {}

    async def ensure(self, buyer_id: str, at: datetime) -> None:
        if buyer_id not in self._secrets:
            await self.rotate(buyer_id, at, timedelta())

    async def list_of(self, buyer_id: str) -> list[SealedSecret]:
        return list(self._secrets.get(buyer_id, ()))

    async def rotate(self, buyer_id: str, at: datetime, overlap: timedelta) -> Secret:
        secret = Secret(f"whsec_{new_id()}")
        older = [
            replace(each, expires_at=min(each.expires_at or at + overlap, at + overlap))
            for each in self._secrets.get(buyer_id, ())
        ]
        kept = [each for each in older if each.expires_at is not None and each.expires_at > at]
        self._secrets[buyer_id] = [SealedSecret(new_id(), "sealed", at, None), *kept][:10]
        return secret
