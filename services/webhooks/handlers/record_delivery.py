"""Put an ending on the timetable, if its buyer wants to hear of it."""

from collections.abc import Sequence

from services.webhooks.domain.delivery import of_job
from services.webhooks.ports import Deliveries, Jobs, Wake
from shared.contracts.event import Event
from shared.contracts.job_events import Ending
from shared.kernel.errors import Transient


async def record_delivery(ending: Ending, *, jobs: Jobs, deliveries: Deliveries, wake: Wake) -> Sequence[Event]:
    """One delivery for each ending, however often it is heard; sent at once, by whoever is free.

    A job that is purged is nobody's news any more.  Raises ``Transient`` for one that has
    not ended as far as we can read.
    """
    job = await jobs.find(ending.job_id)
    if job is not None and not job.ended:
        raise Transient("the ending was heard before the job could be read as ended")
    delivery = None if job is None else of_job(job)
    if delivery is not None and await deliveries.add(delivery):
        wake()
    return ()
