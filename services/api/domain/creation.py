"""The fact that a job was created, told from the job itself, so that it can be told again."""

from collections.abc import Iterable

from shared.contracts.job_events import JobCreated
from shared.contracts.records.job import JobRecord
from shared.market.book import Entry


def created(job: JobRecord, own: Iterable[Entry] = ()) -> JobCreated:
    """What the router needs to know of a new job.  ``own`` are its buyer's providers, told the first time only."""
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
        own_providers={entry.offer.id: entry.revision for entry in own},
    )
