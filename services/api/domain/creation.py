"""The fact that a job was created, told from the job itself, so that it can be told again."""

from shared.contracts.job_events import JobCreated
from shared.contracts.records.job import JobRecord


def created(job: JobRecord) -> JobCreated:
    """What the router needs to know of a new job."""
    return JobCreated(
        job_id=job.id,
        kind=job.kind,
        buyer_id=job.buyer_id,
        model=job.parameters.model,
        parameters=job.parameters.data(),
        minimum_discount=job.minimum_discount,
        reference_cost_usdc=job.reference_cost,
        max_cost_usdc=job.max_cost,
        fee_bps=job.fee_bps,
        created=job.created_at,
        expires_at=job.expires_at,
    )
