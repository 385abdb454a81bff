"""Give back a hold that never got its job."""

from datetime import datetime

from services.api.domain.ledger import hold_entries, settlement_entries
from services.api.domain.settlement import release
from services.api.ports import Accounts, Ledger
from shared.kernel.money import ZERO, Money


async def release_hold(
    buyer_id: str, job_id: str, amount: Money, at: datetime, *, accounts: Accounts, ledger: Ledger
) -> None:
    """Release the hold of a voided job id.  Doing it again changes nothing.

    The ledger comes first: as long as the hold stands, a sweep finds it and finishes this.
    """
    await ledger.write(
        *hold_entries(buyer_id, job_id, amount, at),
        *settlement_entries(buyer_id, job_id, None, release(amount), at),
    )
    await accounts.settle(buyer_id, job_id, captured=ZERO, released=amount)
