"""Show a buyer's jobs, newest first."""

from services.api.domain.job_page import JobList, JobPage
from services.api.domain.refusals import InvalidRequest
from services.api.ports import Jobs
from shared.contracts.records.job import JobStatus


async def list_jobs(
    buyer_id: str, *, limit: int, after: str | None = None, status: JobStatus | None = None, jobs: Jobs
) -> JobList:
    """At most ``limit`` of the buyer's jobs older than the job ``after``, which must be the buyer's own."""
    cursor = None
    if after is not None:
        last = await jobs.find_of(buyer_id, after)
        if last is None:
            raise InvalidRequest("after is the id of the last job of the page before", param="after")
        cursor = (last.created_at, last.id)
    found = await jobs.page_of(buyer_id, JobPage(limit + 1, cursor, status))
    return JobList(tuple(found[:limit]), has_more=len(found) > limit)
