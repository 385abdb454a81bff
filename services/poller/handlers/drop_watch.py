"""Stop watching a job that has ended."""

from collections.abc import Sequence

from services.poller.ports import Watches
from shared.contracts.event import Event
from shared.contracts.job_events import Ending


async def drop_watch(ending: Ending, *, watches: Watches) -> Sequence[Event]:
    """The lease on the job is given up by whoever holds it; who does not hold it does nothing."""
    watches.drop(ending.job_id)
    return ()
