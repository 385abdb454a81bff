"""Webhook secrets in MongoDB, one document for each buyer, sealed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from shared.contracts.records.webhook_secret import SealedSecret, read_webhook_secrets, secret_binding
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.storage.mongo import Collection, DuplicateKeyError
from shared.vault.vault import Vault

RANDOM_BYTES: Final = 32
MOST: Final = 10
"""Secrets that sign at once; the oldest give way."""


class MongoWebhookSecrets:
    """See :class:`services.api.ports.WebhookSecrets`."""

    def __init__(self, collection: Collection, vault: Vault, random_bytes: Callable[[int], bytes]) -> None:
        self._collection = collection
        self._vault = vault
        self._random_bytes = random_bytes
        self._ensured: set[str] = set()

    async def ensure(self, buyer_id: str, at: datetime) -> None:
        if buyer_id in self._ensured:
            return
        if await self._collection.find_one({"_id": buyer_id}, {"_id": 1}) is None:
            _, document = self._new(buyer_id, at)
            # Another process may be quicker, and one secret is what is wanted.
            with suppress(DuplicateKeyError):
                await self._collection.insert_one({"_id": buyer_id, "secrets": [document]})
        # Secrets are never removed, so this stays true; the set grows with buyers who use webhooks here.
        self._ensured.add(buyer_id)

    async def list_of(self, buyer_id: str) -> list[SealedSecret]:
        found = await self._collection.find_one({"_id": buyer_id})
        return [] if found is None else list(read_webhook_secrets(found))

    async def rotate(self, buyer_id: str, at: datetime, overlap: timedelta) -> Secret:
        secret, document = self._new(buyer_id, at)
        older = {
            "$map": {
                "input": {"$ifNull": ["$secrets", []]},
                "in": {
                    "$mergeObjects": [
                        "$$this",
                        {"expires_at": {"$min": ["$$this.expires_at", at + overlap]}},
                    ]
                },
            }
        }
        kept = {"$filter": {"input": older, "cond": {"$gt": ["$$this.expires_at", at]}}}
        newest_first = {"$slice": [{"$concatArrays": [[{"$literal": document}], kept]}, MOST]}
        await self._collection.update_one({"_id": buyer_id}, [{"$set": {"secrets": newest_first}}], upsert=True)
        self._ensured.add(buyer_id)
        return secret

    def _new(self, buyer_id: str, at: datetime) -> tuple[Secret, dict[str, Any]]:
        secret = Secret("whsec_" + base64.b64encode(self._random_bytes(RANDOM_BYTES)).decode())
        secret_id = new_id()
        sealed = str(self._vault.seal(secret, secret_binding(buyer_id, secret_id)))
        return secret, {"id": secret_id, "sealed": sealed, "created_at": at, "expires_at": None}
