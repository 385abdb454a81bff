"""Wake whoever in this process waits for news of a job."""

from collections.abc import Sequence

from services.api.ports import Watches
from shared.contracts.event import Event, JobEvent


async def tell_watchers(news: JobEvent, *, watches: Watches) -> Sequence[Event]:
    """They read the job again; what they see is what is stored."""
    watches.tell(news.job_id)
    return ()
