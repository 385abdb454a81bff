"""Signing secrets, read where api keeps them and opened by the vault."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts.records.webhook_secret import read_webhook_secrets, secret_binding
from shared.kernel.clock import Clock
from shared.kernel.secret import Secret
from shared.storage.mongo import Collection
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault


class SealedSecrets:
    """See :class:`services.webhooks.ports.Secrets`."""

    def __init__(self, secrets: Collection, vault: Vault, clock: Clock) -> None:
        self._secrets = secrets
        self._vault = vault
        self._clock = clock

    async def current(self, buyer_id: str) -> Sequence[Secret]:
        document = await self._secrets.find_one({"_id": buyer_id})
        if document is None:
            return ()
        now = self._clock.now()
        return [
            self._vault.open(Sealed.parse(secret.sealed), secret_binding(buyer_id, secret.id))
            for secret in read_webhook_secrets(document)
            if secret.expires_at is None or secret.expires_at > now
        ]
