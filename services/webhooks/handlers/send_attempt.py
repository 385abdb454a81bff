"""Make one attempt of one delivery: compose its request and send it once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.webhooks.domain.answer import Answer, NotSent
from services.webhooks.domain.delivery import Claimed
from services.webhooks.handlers.compose_post import Composing, compose_post
from services.webhooks.ports import Receiver
from shared.kernel.clock import Clock

PREPARING: Final = timedelta(seconds=20)
"""For what comes before sending.  With the sending itself it stays well within the lease."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is needed to send."""

    composing: Composing
    receiver: Receiver
    clock: Clock


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt that was made, and what came of it."""

    claimed: Claimed
    at: datetime
    took: timedelta
    answer: Answer


async def send_attempt(claimed: Claimed, world: Sending) -> Sent:
    """Send once.  Whatever the answer, job and money stay as they are.

    Raises only what the database raises, and ``TimeoutError``, both before anything was
    sent: the lease then brings the attempt back.
    """
    at, began = world.clock.now(), world.clock.monotonic()
    async with asyncio.timeout(PREPARING.total_seconds()):
        post = await compose_post(claimed.delivery, world.composing)
    answer = post if isinstance(post, NotSent) else await world.receiver.post(post)
    return Sent(claimed, at, timedelta(seconds=world.clock.monotonic() - began), answer)
