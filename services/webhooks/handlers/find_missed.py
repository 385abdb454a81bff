"""Make the deliveries of endings that nobody heard, from what is stored of the jobs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from services.webhooks.domain.delivery import Delivery, of_job
from services.webhooks.ports import Deliveries, Jobs, Wake
from shared.contracts.records.job import SettlementStatus
from shared.kernel.clock import Clock

REACH: Final = timedelta(hours=6)
"""How far back an ending can have been missed."""
PATIENCE: Final = timedelta(seconds=30)
"""Younger endings are still on their way through the broker."""
OVERLAP: Final = timedelta(minutes=10)
"""What is looked at again, for endings that were written late or by a clock that is slow."""
AWAITED: Final = timedelta(minutes=30)
"""For so long a job whose money has not moved holds the next look back."""
_AT_ONCE: Final = 500


async def find_missed(
    looked_until: datetime | None, *, jobs: Jobs, deliveries: Deliveries, wake: Wake, clock: Clock
) -> datetime:
    """Put what is missing on the timetable, and give the instant from which the next look must begin.

    ``looked_until`` is what the look before gave; without it the look goes as far back as
    there is any use.  A job whose money has not moved is not told of yet, and is looked at
    again for a while until it is.
    """
    now = clock.now()
    furthest, before = now - REACH, now - PATIENCE
    since = furthest if looked_until is None else max(looked_until - OVERLAP, furthest)
    unsettled: datetime | None = None
    wanted: dict[str, Delivery] = {}
    async for job in jobs.ended(since, before=before):
        if job.settlement_status is SettlementStatus.PENDING:
            unsettled = unsettled or job.ended_at
        elif (delivery := of_job(job)) is not None:
            wanted[delivery.id] = delivery
        if len(wanted) >= _AT_ONCE:
            await _make_missing(wanted, deliveries, wake)
            wanted.clear()
    await _make_missing(wanted, deliveries, wake)
    return before if unsettled is None else max(unsettled, before - AWAITED)


async def _make_missing(wanted: Mapping[str, Delivery], deliveries: Deliveries, wake: Wake) -> None:
    for delivery_id in await deliveries.missing(list(wanted)) if wanted else ():
        if await deliveries.add(wanted[delivery_id]):
            wake()
