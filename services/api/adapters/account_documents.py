"""An account as it lies in the database: its figures, and its holds by job."""

from __future__ import annotations

from typing import Any

from services.api.domain.account import Account, Hold, Limits, Role
from shared.contracts.records.document import Document, money
from shared.storage.mongo import int64


def account_document(account: Account) -> dict[str, Any]:
    """A new account."""
    return {
        "_id": account.id,
        "role": account.role.value,
        "name": account.name,
        "limits": {
            "jobs_in_flight": account.limits.jobs_in_flight,
            "requests_per_minute": account.limits.requests_per_minute,
        },
        "created_at": account.created_at,
        "credited": int64(account.credited.micros),
        "spent": int64(account.spent.micros),
        "held": int64(account.held.micros),
        "available": int64(account.available.micros),
        "in_flight": account.in_flight,
        "holds": {},
        "credits": [],
    }


def read_account(document: Document) -> Account:
    """What :func:`account_document` wrote, as it is now."""
    limits = document["limits"]
    return Account(
        id=document["_id"],
        role=Role(document["role"]),
        name=document["name"],
        limits=Limits(limits["jobs_in_flight"], limits["requests_per_minute"]),
        created_at=document["created_at"],
        credited=money(document, "credited"),
        spent=money(document, "spent"),
        held=money(document, "held"),
        available=money(document, "available"),
        in_flight=document["in_flight"],
    )


def read_hold(document: Document) -> Hold:
    """One of an account's holds."""
    return Hold(money(document, "amount"), document["at"])
