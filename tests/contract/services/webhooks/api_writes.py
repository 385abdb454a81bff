"""Jobs as api itself writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.api.adapters.mongo_jobs import MongoJobs
from services.api.domain.ending import Delivered
from services.api.domain.outbox import Letter
from shared.contracts.records.job import JobRecord, JobStatus, SettlementStatus
from tests.unit.services.webhooks.samples import AT, job

LETTER = Letter("an-event", "music.job.succeeded", b"{}", mandatory=True, at=AT)


async def ended(written: MongoJobs, *, settled: bool = True, at: timedelta = timedelta(), **changes: object) -> str:
    """A job that api took and ended; its id."""
    whole: JobRecord = job(**changes)
    assert whole.winner is not None and whole.seller_cost is not None and whole.buyer_cost is not None
    queued = replace(whole, status=JobStatus.QUEUED, settlement_status=SettlementStatus.PENDING, results=())
    await written.insert(queued, LETTER)
    await written.end(whole.id, Delivered(AT + at, whole.results, whole.winner, whole.seller_cost, whole.buyer_cost))
    if settled:
        await written.confirm(whole.id, SettlementStatus.CONFIRMED, LETTER)
    return whole.id
