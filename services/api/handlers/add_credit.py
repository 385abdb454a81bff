"""Give a buyer credit, once for each reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.domain.account import Account, Role
from services.api.domain.ledger import LedgerEntry, credit_entry
from services.api.domain.refusals import InvalidRequest, NotFound
from services.api.ports import Accounts, Ledger
from shared.kernel.clock import Clock, in_millis
from shared.kernel.money import Money

LEFT_FOR: Final = timedelta(seconds=5)
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Crediting:
    """What giving credit needs."""

    accounts: Accounts
    ledger: Ledger
    clock: Clock


async def add_credit(account_id: str, amount: Money, reference: str, *, world: Crediting) -> Account:
    """The account with the credit on it.  The same reference again changes nothing.

    Raises :class:`NotFound` for an account that is no buyer's, and :class:`InvalidRequest` for a
    reference that was used for another amount.
    """
    account = await world.accounts.find(account_id)
    if account is None or account.role is not Role.BUYER:
        raise NotFound("buyer")
    entry = credit_entry(account_id, amount, reference, in_millis(world.clock.now()))
    stands = await world.ledger.open_credit(entry)
    if stands.entry.amount != amount:
        raise InvalidRequest("this reference was used for another amount", param="reference")
    if stands.open:
        await _carry_out(entry, world)
    return await world.accounts.find(account_id) or account


async def drive_credits(*, world: Crediting) -> None:
    """Sweep: carry out credits whose handler died half way."""
    for entry in await world.ledger.open_credits(world.clock.now() - LEFT_FOR, BATCH):
        await _carry_out(entry, world)


async def _carry_out(entry: LedgerEntry, world: Crediting) -> None:
    await world.accounts.credit(entry.buyer_id, entry.id, entry.amount)
    await world.ledger.close_credit(entry.id)
