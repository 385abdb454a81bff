"""What a delivery says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from services.webhooks.domain.delivery import Delivery


def body_of(delivery: Delivery, data: Mapping[str, Any]) -> bytes:
    """The JSON that is signed and sent: what happened, when (ISO 8601, in UTC), and the job.

    Text stays as it is rather than escaped, which could make metadata several times as
    long.  A lone surrogate, which UTF-8 cannot hold, becomes its JSON escape.
    """
    happened_at = delivery.happened_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"type": delivery.type, "timestamp": happened_at, "data": data}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(errors="backslashreplace")
