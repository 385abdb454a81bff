"""Who may ask: API keys, what is left on them, and how a key is named without being shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deploy.simulator.refusals import refuse

OPEN_PREFIX: Final = "sim-"
"""Any key that begins so is good, with no end to its balance, until the control API says otherwise."""
_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class KeyName:
    """A key as records keep it: enough to tell two keys apart, too little to use one."""

    suffix: str
    fingerprint: str


def name_of(key: str) -> KeyName:
    """The last four characters, and 16 hexadecimal digits of the SHA-256."""
    fingerprint = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return KeyName(key[-_SHOWN:] if len(key) > 2 * _SHOWN else "", fingerprint)


@dataclass(slots=True)
class Account:
    """What is known about one registered key.  ``balance`` None never runs out."""

    balance: Decimal | None
    revoked: bool


class Keyring:
    """Every key that the control API registered, and the rule for those it did not."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def register(self, key: str, *, balance: Decimal | None, revoked: bool) -> None:
        """Set or replace what is known about ``key``."""
        self._accounts[key] = Account(balance, revoked)

    def forget(self) -> None:
        """Go back to the rule for unregistered keys alone."""
        self._accounts.clear()

    def admit(self, authorization: str) -> str:
        """The key of an ``Authorization`` header, or a 401 refusal."""
        scheme, _, key = authorization.partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise refuse(401)
        account = self._accounts.get(key)
        if account is None and not key.startswith(OPEN_PREFIX):
            raise refuse(401)
        if account is not None and account.revoked:
            raise refuse(401)
        return key

    def charge(self, key: str, price: Decimal) -> None:
        """Take ``price`` from the key's balance, or refuse with 402 and take nothing."""
        account = self._accounts.get(key)
        if account is None or account.balance is None:
            return
        if account.balance < price:
            raise refuse(402)
        account.balance -= price

    def listing(self) -> list[dict[str, object]]:
        """Registered keys by suffix, with what is left on them."""
        return [
            {
                "key_suffix": name_of(key).suffix,
                "balance_usd": None if account.balance is None else str(account.balance),
                "revoked": account.revoked,
            }
            for key, account in self._accounts.items()
        ]
