"""Keys that this process was asked about a moment ago."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final

from services.api.domain.api_key import Principal
from shared.kernel.clock import Clock

FOR: Final = timedelta(seconds=10)
MOST: Final = 10_000


class ProcessKeys:
    """See :class:`services.api.ports.RememberedKeys`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._principals: OrderedDict[str, tuple[Principal, datetime]] = OrderedDict()
        self._forgotten: OrderedDict[str, None] = OrderedDict()

    def recall(self, digest: str) -> Principal | None:
        known = self._principals.get(digest)
        if known is None:
            return None
        principal, until = known
        return principal if self._clock.now() < until else None

    def remember(self, digest: str, principal: Principal, until: datetime | None) -> None:
        if principal.key_id in self._forgotten:
            # Looked up just before it was revoked.
            return
        soon = self._clock.now() + FOR
        self._principals[digest] = (principal, soon if until is None else min(soon, until))
        _shorten(self._principals)

    def forget(self, key_id: str) -> None:
        self._forgotten[key_id] = None
        _shorten(self._forgotten)
        for digest in [digest for digest, (known, _) in self._principals.items() if known.key_id == key_id]:
            del self._principals[digest]


def _shorten(remembered: OrderedDict[str, Any]) -> None:
    if len(remembered) > MOST:
        remembered.popitem(last=False)
