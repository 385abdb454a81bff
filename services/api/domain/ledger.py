"""The ledger, by double entry: every movement of money names the account it leaves and the one it reaches.

Ids are derived from what moved, so writing the same movement again writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.api.domain.account import Hold
from services.api.domain.settlement import Settlement
from shared.kernel.ids import derived_id
from shared.kernel.money import Money

CREDITS_ISSUED = "credits_issued"
MARKETPLACE_FEE = "marketplace_fee"


BUYER_AVAILABLE = "buyer_available"
BUYER_HELD = "buyer_held"
SELLER_PAYABLE = "seller_payable"


class EntryKind(StrEnum):
    """Why money moved."""

    CREDIT = "credit"
    HOLD = "hold"
    CAPTURE = "capture"
    FEE = "fee"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """``amount`` leaves ``debit`` and reaches ``credit``.  Written once, never changed."""

    id: str
    kind: EntryKind
    debit: str
    credit: str
    amount: Money
    created_at: datetime
    buyer_id: str
    """Whose money it was."""
    seller_id: str | None = None
    """Who earned it."""
    job_id: str | None = None
    model: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class CreditStands:
    """A credit in the ledger; ``open`` while its account is still to be changed."""

    entry: LedgerEntry
    open: bool


def sort_of(account: str) -> str:
    """What a ledger account is, without whose."""
    return account.partition(":")[0]


def available_to(buyer_id: str) -> str:
    """The ledger account of what a buyer has free."""
    return f"{BUYER_AVAILABLE}:{buyer_id}"


def held_for(buyer_id: str) -> str:
    """The ledger account of what is held of a buyer's."""
    return f"{BUYER_HELD}:{buyer_id}"


def payable_to(seller_id: str) -> str:
    """The ledger account of what a seller has earned."""
    return f"{SELLER_PAYABLE}:{seller_id}"


def credit_entry(account_id: str, amount: Money, reference: str, at: datetime) -> LedgerEntry:
    """Money that an operator gives to a buyer; ``reference`` makes it happen once."""
    return LedgerEntry(
        id=f"{account_id}:credit:{derived_id(account_id, reference)}",
        kind=EntryKind.CREDIT,
        debit=CREDITS_ISSUED,
        credit=available_to(account_id),
        amount=amount,
        created_at=at,
        buyer_id=account_id,
        reference=reference,
    )


def hold_entries(buyer_id: str, job_id: str, hold: Hold) -> tuple[LedgerEntry, ...]:
    """The maximum of a job, set aside; no entry for a job that can cost nothing."""
    entry = LedgerEntry(
        id=job_entry_id(job_id, EntryKind.HOLD),
        kind=EntryKind.HOLD,
        debit=available_to(buyer_id),
        credit=held_for(buyer_id),
        amount=hold.amount,
        created_at=hold.at,
        buyer_id=buyer_id,
        job_id=job_id,
    )
    return (entry,) if hold.amount else ()


def settlement_entries(
    buyer_id: str, job_id: str, model: str | None, settlement: Settlement, at: datetime
) -> tuple[LedgerEntry, ...]:
    """What the hold turns into; parts that are nothing are left out."""
    seller_id = settlement.seller_id
    parts = (
        (EntryKind.CAPTURE, payable_to(seller_id or ""), settlement.seller, seller_id),
        (EntryKind.FEE, MARKETPLACE_FEE, settlement.fee, None),
        (EntryKind.RELEASE, available_to(buyer_id), settlement.released, None),
    )
    return tuple(
        LedgerEntry(
            id=job_entry_id(job_id, kind),
            kind=kind,
            debit=held_for(buyer_id),
            credit=reached,
            amount=amount,
            created_at=at,
            buyer_id=buyer_id,
            seller_id=earner,
            job_id=job_id,
            model=model,
        )
        for kind, reached, amount, earner in parts
        if amount
    )


def job_entry_id(job_id: str, kind: EntryKind) -> str:
    """The one id of a job's entry of that kind."""
    return f"{job_id}:{kind.value}"
