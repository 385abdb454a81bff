"""Show an account's figures."""

from services.api.domain.account import Account
from services.api.domain.refusals import NotFound
from services.api.ports import Accounts


async def read_account(account_id: str, *, accounts: Accounts) -> Account:
    """The account as it stands; raises :class:`NotFound`."""
    account = await accounts.find(account_id)
    if account is None:
        raise NotFound("account")
    return account
