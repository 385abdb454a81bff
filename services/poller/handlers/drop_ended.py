"""Stop watching whatever ended while nobody could tell."""

from services.poller.ports import Records, Watches


async def drop_ended(*, watches: Watches, records: Records) -> None:
    """Without a connection endings are not heard; a watch that went on would ask for media that is gone."""
    for job_id in await records.ended(watches.job_ids):
        watches.drop(job_id)
