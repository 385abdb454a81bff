"""Open an account with its first key."""

from __future__ import annotations

from dataclasses import dataclass

from services.api.domain.account import DEFAULT_LIMITS, Account, Limits, Role
from services.api.domain.api_key import NewKey
from services.api.handlers.create_key import Keeping, create_key
from services.api.ports import Accounts
from shared.kernel.clock import in_millis
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Opened:
    """An account and the key that is shown this once."""

    account: Account
    key: NewKey


async def open_account(
    role: Role, name: str, limits: Limits = DEFAULT_LIMITS, *, accounts: Accounts, keeping: Keeping
) -> Opened:
    """A new account with nothing on it."""
    account = Account(new_id(), role, name, limits, in_millis(keeping.clock.now()))
    await accounts.open(account)
    return Opened(account, await create_key(account.id, role, label="first", keeping=keeping))
