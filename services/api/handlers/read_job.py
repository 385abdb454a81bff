"""Show a job to whoever has a right to it."""

from services.api.domain.job_token import Signing
from services.api.domain.reader import ByKey, Reader
from services.api.domain.refusals import JobNotFound
from services.api.ports import Jobs
from shared.contracts.records.job import JobRecord


async def read_job(job_id: str, reader: Reader, *, jobs: Jobs, signing: Signing) -> JobRecord:
    """The job; raises :class:`JobNotFound` for a foreign job, a wrong token and an unknown id alike."""
    job = await _find(job_id, reader, jobs, signing)
    if job is None:
        raise JobNotFound
    return job


async def _find(job_id: str, reader: Reader, jobs: Jobs, signing: Signing) -> JobRecord | None:
    if isinstance(reader, ByKey):
        return await jobs.find_of(reader.buyer_id, job_id)
    return await jobs.find(job_id) if signing.verifies(job_id, reader.token.reveal()) else None
