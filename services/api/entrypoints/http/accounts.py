"""Accounts: opened and credited by the operator, read by the buyer whose it is."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from services.api.domain.account import DEFAULT_LIMITS, Account, Limits, Role
from services.api.domain.refusals import InvalidRequest
from services.api.entrypoints.http.amounts import Amount, amount
from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.shapes import Id, Usdc
from services.api.entrypoints.http.strict_json import Body, read_body
from services.api.handlers.add_credit import add_credit
from services.api.handlers.open_account import open_account
from services.api.handlers.read_account import read_account


class LimitsBody(Body):
    """What an account may do."""

    jobs_in_flight: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT_LIMITS.jobs_in_flight
    requests_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = DEFAULT_LIMITS.requests_per_minute


class AccountBody(Body):
    """A new account."""

    role: Literal["buyer", "seller"]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    limits: LimitsBody | None = None


class CreditBody(Body):
    """Money for a buyer; the same reference again changes nothing."""

    amount_usdc: Amount
    reference: Annotated[str, Field(min_length=1, max_length=200)]


class AccountLimitsView(TypedDict):
    """What an account may do."""

    jobs_in_flight: int
    requests_per_minute: int


class OpenedView(TypedDict):
    """A new account, with the key that is shown this once."""

    id: Id
    object: Literal["account"]
    role: Literal["buyer", "seller"]
    name: str
    api_key: str
    limits: AccountLimitsView


class FiguresView(TypedDict):
    """A buyer's money: what was credited is available, held or spent."""

    id: Id
    available_usdc: Usdc
    held_usdc: Usdc
    spent_usdc: Usdc
    credited_usdc: Usdc


class CreditedView(FiguresView):
    """A buyer's money after a credit."""

    reference: str
    amount_usdc: Usdc


class MeView(FiguresView):
    """A buyer's account."""

    name: str
    limits: AccountLimitsView


async def open_one(call: Call) -> web.Response:
    """An account, with the key that is shown this once."""
    body = await read_body(call.request, AccountBody)
    asked = body.limits or LimitsBody()
    opened = await open_account(
        Role(body.role),
        body.name,
        Limits(asked.jobs_in_flight, asked.requests_per_minute),
        accounts=call.world.crediting.accounts,
        keeping=call.world.keeping,
    )
    account = opened.account
    return json_answer(
        {
            "id": account.id,
            "object": "account",
            "role": account.role.value,
            "name": account.name,
            "api_key": opened.key.text.reveal(),
            "limits": _limits(account),
        },
        status=201,
    )


async def credit(call: Call) -> web.Response:
    """The buyer's account with the money on it."""
    body = await read_body(call.request, CreditBody)
    money = amount(body.amount_usdc, "amount_usdc")
    if not money:
        raise InvalidRequest("amount_usdc is more than nothing", param="amount_usdc")
    account = await add_credit(call.id_of("account"), money, body.reference, world=call.world.crediting)
    return json_answer({"reference": body.reference, "amount_usdc": str(money), **_figures(account)}, status=201)


async def show_me(call: Call) -> web.Response:
    """The buyer's own account."""
    account = await read_account(call.account_id, accounts=call.world.crediting.accounts)
    return json_answer({"name": account.name, **_figures(account), "limits": _limits(account)})


def _figures(account: Account) -> FiguresView:
    return {
        "id": account.id,
        "available_usdc": str(account.available),
        "held_usdc": str(account.held),
        "spent_usdc": str(account.spent),
        "credited_usdc": str(account.credited),
    }


def _limits(account: Account) -> AccountLimitsView:
    return {
        "jobs_in_flight": account.limits.jobs_in_flight,
        "requests_per_minute": account.limits.requests_per_minute,
    }
