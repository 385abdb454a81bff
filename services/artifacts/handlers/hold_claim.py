"""Hold on to a claim while its body streams in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from services.artifacts.domain.output import Audio
from services.artifacts.ports import Claim, Outputs
from shared.kernel.clock import Clock
from shared.kernel.errors import Transient

LEASE: Final = timedelta(seconds=5)
"""So short that the third delivery of a message takes over from a process that died.  A lease that lapses
while a body stalls harms nobody: it can still be renewed until somebody else wants the output."""
RENEWED_EVERY: Final = 1.0
"""Seconds."""


class ClaimLost(Transient):
    """Somebody else decides about the output now."""

    def __init__(self) -> None:
        super().__init__("the claim on the output was lost")


class HeldClaim:
    """A claim that is kept alive by whoever works under it."""

    def __init__(self, claim: Claim, outputs: Outputs, clock: Clock) -> None:
        self._claim = claim
        self._outputs = outputs
        self._clock = clock
        self._renewed = clock.monotonic()

    async def keep(self) -> None:
        """Renew the lease if it is time.  Raises :class:`ClaimLost`."""
        if self._clock.monotonic() - self._renewed < RENEWED_EVERY:
            return
        if not await self._outputs.renew(self._claim, lease=LEASE):
            raise ClaimLost
        self._renewed = self._clock.monotonic()

    async def about_to_complete(self, audio: Audio) -> None:
        """Make sure that the claim still stands before the object does.  Raises :class:`ClaimLost`."""
        if not await self._outputs.about_to_complete(self._claim, audio, lease=LEASE):
            raise ClaimLost


@asynccontextmanager
async def held(claim: Claim, outputs: Outputs, clock: Clock) -> AsyncIterator[HeldClaim]:
    """Work under ``claim``; whatever ends the work early lets the next one try at once."""
    try:
        yield HeldClaim(claim, outputs, clock)
    except BaseException:
        await asyncio.shield(outputs.release(claim))
        raise
