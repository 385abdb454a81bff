"""Signatures by Standard Webhooks (version 1, symmetric): https://www.standardwebhooks.com."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook

from shared.kernel.clock import unix
from shared.kernel.secret import Secret


def signed_headers(message_id: str, at: datetime, body: str, secrets: Iterable[Secret]) -> dict[str, str]:
    """The headers that prove a body came from us at that instant: one signature for each ``whsec_`` secret.

    ``message_id`` has no dots; it stays the same across attempts, the timestamp does not.
    """
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(unix(at)),
        "webhook-signature": " ".join(
            Webhook(secret.reveal()).sign(msg_id=message_id, timestamp=at, data=body) for secret in secrets
        ),
    }
