"""How often a key may ask: a minute's worth at once, refilled evenly.  Each process counts for itself."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.domain.api_key import Principal
from shared.kernel.clock import Clock

KEYS: Final = 10_000
"""How many keys are remembered; the one that asked longest ago is forgotten first."""
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a key stands after this request."""

    limit: int
    remaining: int
    full_in: int
    """Seconds until the whole minute's worth is there again."""
    exceeded: timedelta | None = None
    """This request is one too many; how long until the next may come."""

    def headers(self) -> dict[str, str]:
        """The same for clients."""
        return {
            "x-ratelimit-limit-requests": str(self.limit),
            "x-ratelimit-remaining-requests": str(self.remaining),
            "x-ratelimit-reset-requests": f"{self.full_in}s",
        }


class Rates:
    """One bucket for each key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, principal: Principal) -> Rate:
        """Count one request, unless it is one too many."""
        limit, now = principal.limits.requests_per_minute, self._clock.monotonic()
        tokens, at = self._buckets.get(principal.key_id, (float(limit), now))
        tokens = min(float(limit), tokens + (now - at) * limit / _MINUTE)
        if tokens < 1:
            return _rate(limit, tokens, timedelta(seconds=(1 - tokens) * _MINUTE / limit))
        self._buckets[principal.key_id] = (tokens - 1, now)
        self._buckets.move_to_end(principal.key_id)
        if len(self._buckets) > KEYS:
            self._buckets.popitem(last=False)
        return _rate(limit, tokens - 1, None)


def _rate(limit: int, tokens: float, exceeded: timedelta | None) -> Rate:
    return Rate(limit, int(tokens), math.ceil((limit - tokens) * _MINUTE / limit), exceeded)
