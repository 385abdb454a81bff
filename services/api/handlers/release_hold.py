"""Give back a hold that never got its job, or that came when the job was over."""

from datetime import datetime

from services.api.domain.account import Hold
from services.api.domain.ledger import hold_entries, settlement_entries
from services.api.domain.settlement import release
from services.api.ports import Accounts, Ledger
from shared.contracts.records.job import JobRecord
from shared.kernel.money import ZERO


async def release_hold(
    buyer_id: str, job_id: str, hold: Hold, at: datetime, *, accounts: Accounts, ledger: Ledger
) -> None:
    """Release the hold of a voided job id.  Doing it again changes nothing.

    The ledger comes first: as long as the hold stands, a sweep finds it and finishes this.
    """
    await ledger.write(
        *hold_entries(buyer_id, job_id, hold),
        *settlement_entries(buyer_id, job_id, None, release(hold.amount), at),
    )
    await accounts.settle(buyer_id, job_id, hold.at, captured=ZERO, released=hold.amount)


async def release_late_hold(job: JobRecord, hold: Hold, at: datetime, *, accounts: Accounts, ledger: Ledger) -> bool:
    """Give back what a handler took that was so slow that another one's job of the same name was over by then.

    False when that was done before.  The ledger has one hold of a job, its own, and knows nothing of this one; but
    a job that can cost nothing has none there, so the slow handler may have entered the late one in its place.
    """
    if not job.max_cost:
        await ledger.write(
            *hold_entries(job.buyer_id, job.id, hold),
            *settlement_entries(job.buyer_id, job.id, None, release(hold.amount), at),
        )
    return await accounts.settle(job.buyer_id, job.id, hold.at, captured=ZERO, released=hold.amount)
