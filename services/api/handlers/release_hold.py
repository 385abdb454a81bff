"""Give back a hold that never got its job."""

from datetime import datetime

from services.api.domain.account import Hold
from services.api.domain.ledger import hold_entries, settlement_entries
from services.api.domain.settlement import release
from services.api.ports import Accounts, Ledger
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
