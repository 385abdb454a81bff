"""How often a key, or a job's token, may ask: a minute's worth at once, refilled evenly, in each process for itself."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.domain.api_key import Principal
from shared.kernel.clock import Clock

KEYS: Final = 10_000
"""How many keys and tokens are remembered; the one that asked longest ago is forgotten first."""
TOKEN_PER_MINUTE: Final = 600
"""What the token of one job may ask: twenty times what a client does that looks every two seconds."""
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a key or token stands after this request."""

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
    """One bucket for each key, and one for each job whose token is shown."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, principal: Principal) -> Rate:
        """Count one request, unless it is one too many."""
        return self._take(principal.key_id, principal.limits.requests_per_minute)

    def take_by_token(self, job_id: str) -> Rate:
        """The same for whoever has shown the token of that job."""
        return self._take(f"job:{job_id}", TOKEN_PER_MINUTE)

    def _take(self, name: str, limit: int) -> Rate:
        now = self._clock.monotonic()
        tokens, at = self._buckets.get(name, (float(limit), now))
        tokens = min(float(limit), tokens + (now - at) * limit / _MINUTE)
        if tokens < 1:
            return _rate(limit, tokens, timedelta(seconds=(1 - tokens) * _MINUTE / limit))
        self._buckets[name] = (tokens - 1, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > KEYS:
            self._buckets.popitem(last=False)
        return _rate(limit, tokens - 1, None)


def _rate(limit: int, tokens: float, exceeded: timedelta | None) -> Rate:
    return Rate(limit, int(tokens), math.ceil((limit - tokens) * _MINUTE / limit), exceeded)
