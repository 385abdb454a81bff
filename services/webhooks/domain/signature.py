"""Signatures by Standard Webhooks (version 1, symmetric): https://www.standardwebhooks.com."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook

from shared.kernel.clock import unix
from shared.kernel.secret import Secret


def signed_headers(message_id: str, at: datetime, body: bytes, secrets: Iterable[Secret]) -> dict[str, str]:
    """The headers that prove a body came from us at that instant: one signature for each ``whsec_`` secret, in order.

    ``message_id`` has no dots and ``at`` is in UTC, as the standard's library takes them.
    """
    signatures = (Webhook(secret.reveal()).sign(message_id, at, body.decode()) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(unix(at)),
        "webhook-signature": " ".join(signatures),
    }
