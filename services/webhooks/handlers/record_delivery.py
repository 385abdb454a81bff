"""Put an ending on the timetable, if its buyer wants to hear of it."""

from collections.abc import Sequence

from services.webhooks.domain.delivery import of_job
from services.webhooks.ports import Deliveries, Jobs, Wake
from shared.contracts.event import Event
from shared.contracts.job_events import Ending


async def record_delivery(ending: Ending, *, jobs: Jobs, deliveries: Deliveries, wake: Wake) -> Sequence[Event]:
    """One delivery for each ending, however often it is heard.  Sent at once, by whoever is free."""
    job = await jobs.find(ending.job_id)
    delivery = None if job is None else of_job(job)
    if delivery is not None and await deliveries.add(delivery):
        wake()
    return ()
