"""Make the deliveries of endings that nobody heard, from what is stored of the jobs."""

from datetime import timedelta
from typing import Final

from services.webhooks.domain.delivery import of_job
from services.webhooks.ports import Deliveries, Jobs, Wake
from shared.kernel.clock import Clock

REACH: Final = timedelta(hours=6)
"""How far back an ending can have been missed."""
PATIENCE: Final = timedelta(seconds=30)
"""Younger endings are still on their way through the broker."""


async def find_missed(*, jobs: Jobs, deliveries: Deliveries, wake: Wake, clock: Clock) -> None:
    """Idempotent, and cheap while nothing is missing."""
    now = clock.now()
    ended = await jobs.ended_since(now - REACH, before=now - PATIENCE)
    wanted = {delivery.id: delivery for job in ended if (delivery := of_job(job)) is not None}
    for delivery_id in sorted(await deliveries.missing(list(wanted))):
        if await deliveries.add(wanted[delivery_id]):
            wake()
