"""Settle an ended job: capture what is owed, release the rest, and only then say the ending."""

from __future__ import annotations

from dataclasses import dataclass

from services.api.domain.ending import ending_of, settlement_of
from services.api.domain.ledger import settlement_entries
from services.api.ports import Accounts, Jobs, Ledger, Post
from shared.contracts.records.job import JobRecord, SettlementStatus
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Settling:
    """What ending and settling need."""

    jobs: Jobs
    accounts: Accounts
    ledger: Ledger
    post: Post
    clock: Clock


async def settle_job(job: JobRecord, *, world: Settling) -> bool:
    """Move the money of an ended job and say its ending.  False when that was done before.

    Every step tells from what is stored whether it was taken, so that any process can take
    up what another left half done.  The account comes before the ledger, the ledger before
    the news.
    """
    if job.settlement_status is not SettlementStatus.PENDING:
        return False
    assert job.ended_at is not None
    settlement, status = settlement_of(job)
    captured, released = settlement.captured, settlement.released
    await world.accounts.settle(job.buyer_id, job.id, job.created_at, captured=captured, released=released)
    await world.ledger.write(*settlement_entries(job.buyer_id, job.id, job.parameters.model, settlement, job.ended_at))
    letter = world.post.letter(ending_of(job))
    if not await world.jobs.confirm(job.id, status, letter):
        return False
    world.post.send(world.jobs, job.id, letter)
    return True
