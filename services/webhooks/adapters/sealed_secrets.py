"""Signing secrets, read where api keeps them and opened by the vault."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from shared.contracts.records.webhook_secret import SealedSecret, read_webhook_secrets, secret_binding
from shared.kernel.clock import Clock
from shared.kernel.secret import Secret
from shared.storage.mongo import Collection
from shared.vault.errors import CannotOpen
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault

log = structlog.get_logger(__name__)


class SealedSecrets:
    """See :class:`services.webhooks.ports.Secrets`."""

    def __init__(self, secrets: Collection, vault: Vault, clock: Clock) -> None:
        self._secrets = secrets
        self._vault = vault
        self._clock = clock

    async def current(self, buyer_id: str) -> Sequence[Secret]:
        """A secret that cannot be opened is said in the log and left out: the others sign."""
        document = await self._secrets.find_one({"_id": buyer_id})
        now = self._clock.now()
        sealed = () if document is None else read_webhook_secrets(document)
        signing = [secret for secret in sealed if secret.expires_at is None or secret.expires_at > now]
        opened = [self._opened(buyer_id, secret) for secret in signing]
        return [secret for secret in opened if secret is not None]

    def _opened(self, buyer_id: str, secret: SealedSecret) -> Secret | None:
        try:
            return self._vault.open(Sealed.parse(secret.sealed), secret_binding(buyer_id, secret.id))
        except CannotOpen as error:
            log.error("webhook secret cannot be opened", buyer_id=buyer_id, id=secret.id, error=str(error))
            return None
