"""A buyer's webhook secrets as their owner, api, keeps them: sealed, the current one first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.contracts.records.document import Document

COLLECTION: Final = "webhook_secrets"


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """One secret; ``expires_at`` is set once a newer one replaced it."""

    id: str
    sealed: str
    created_at: datetime
    expires_at: datetime | None


def secret_binding(buyer_id: str, secret_id: str) -> tuple[str, str, str]:
    """What a webhook secret's seal is bound to."""
    return ("webhook_secret", buyer_id, secret_id)


def read_webhook_secrets(document: Document) -> tuple[SealedSecret, ...]:
    """The secrets of one buyer's document, newest first, expired ones included."""
    return tuple(
        SealedSecret(item["id"], item["sealed"], item["created_at"], item.get("expires_at"))
        for item in document["secrets"]
    )
