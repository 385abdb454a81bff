"""Statements: where a buyer's money went, and what a seller earned."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from aiohttp import web
from typing_extensions import TypedDict

from services.api.domain.ledger import EntryKind, LedgerEntry
from services.api.entrypoints.http.answers import json_answer, page_answer, page_of
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.queries import AFTER, LIMIT, Text
from services.api.entrypoints.http.shapes import Id, Unix, Usdc, one_of
from services.api.handlers.read_ledger import read_earnings, read_ledger
from shared.kernel.clock import unix

BEFORE: Final = Text("after", AFTER, most=200)


class EntryView(TypedDict):
    """One movement of money, out of ``debit`` and into ``credit``."""

    id: str
    object: Literal["ledger_entry"]
    created: Unix
    kind: Annotated[str, one_of(EntryKind)]
    job_id: Id | None
    model: str | None
    reference: str | None
    debit: str
    credit: str
    amount_usdc: Usdc


class EarnedView(TypedDict):
    """What was earned with one model."""

    model: str
    earned_usdc: Usdc
    jobs: int


class EarningsView(TypedDict):
    """What was earned in all, and a page of the entries."""

    earned_usdc: Usdc
    jobs: int
    by_model: list[EarnedView]
    object: Literal["list"]
    data: list[EntryView]
    has_more: bool
    last_id: str | None


async def show_ledger(call: Call) -> web.Response:
    """The movements of the buyer's money, newest first."""
    page = await read_ledger(call.account_id, **_asked(call), ledger=call.world.crediting.ledger)
    return page_answer([_entry(entry, call.account_id) for entry in page.entries], has_more=page.has_more)


async def show_earnings(call: Call) -> web.Response:
    """What the seller earned in all, by model, and the latest of it."""
    earnings = await read_earnings(call.account_id, **_asked(call), ledger=call.world.crediting.ledger)
    by_model: list[EarnedView] = [
        {"model": earned.model, "earned_usdc": str(earned.amount), "jobs": earned.jobs} for earned in earnings.by_model
    ]
    entries = [_entry(entry, call.account_id) for entry in earnings.page.entries]
    return json_answer(
        {
            "earned_usdc": str(earnings.amount),
            "jobs": earnings.jobs,
            "by_model": by_model,
            **page_of(entries, has_more=earnings.page.has_more),
        }
    )


def _asked(call: Call) -> dict[str, Any]:
    query = call.request.query
    return {
        "limit": LIMIT.read(query),
        "after": BEFORE.read(query),
    }


def _entry(entry: LedgerEntry, reader: str) -> EntryView:
    return {
        "id": entry.id,
        "object": "ledger_entry",
        "created": unix(entry.created_at),
        "kind": entry.kind.value,
        "job_id": entry.job_id,
        "model": entry.model,
        "reference": entry.reference,
        "debit": _side(entry.debit, reader),
        "credit": _side(entry.credit, reader),
        "amount_usdc": str(entry.amount),
    }


def _side(name: str, reader: str) -> str:
    """Where money left or arrived; of other accounts only what they are, not whose."""
    what, _, whose = name.partition(":")
    return name if whose == reader else what
