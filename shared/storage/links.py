"""Links to objects, signed for a while and given out again until little of it is left."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, Protocol

from shared.kernel.clock import Clock

GOOD_FOR: Final = timedelta(seconds=900)
SIGNED_ANEW_BELOW: Final = timedelta(seconds=300)
_KEPT: Final = 10_000


class Signer(Protocol):
    """What signs URLs of one bucket."""

    async def presigned_url(self, key: str, *, good_for: timedelta, content_type: str, filename: str) -> str:
        """See :class:`shared.storage.objects.Objects`."""
        ...


class Links:
    """Signs links to one bucket's objects.  Signing costs CPU and asks nothing of the server."""

    def __init__(self, objects: Signer, clock: Clock) -> None:
        self._objects = objects
        self._clock = clock
        self._signed: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    async def link(self, key: str, *, content_type: str, filename: str) -> str:
        """A URL that is good for 300 to 900 seconds more."""
        now = self._clock.now()
        url, good_until = self._signed.get(key, ("", now))
        if good_until - now < SIGNED_ANEW_BELOW:
            url = await self._objects.presigned_url(
                key, good_for=GOOD_FOR, content_type=content_type, filename=filename
            )
            self._keep(key, url, now + GOOD_FOR)
        return url

    def _keep(self, key: str, url: str, good_until: datetime) -> None:
        self._signed[key] = (url, good_until)
        self._signed.move_to_end(key)
        if len(self._signed) > _KEPT:
            self._signed.popitem(last=False)
