"""Amounts of money as callers write them."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import Field

from services.api.domain.refusals import InvalidRequest
from shared.kernel.money import Money, MoneyError

LARGEST: Final = 10**15
"""A thousand million dollars: sums of such amounts stay far within 64 bits."""

Amount: TypeAlias = Annotated[
    str,
    Field(
        min_length=1,
        max_length=16,
        description='Whole micro-USDC, such as "30000" for three cents.',
        json_schema_extra={"pattern": r"^\d+$"},
    ),
]


def amount(text: str, param: str) -> Money:
    """The amount; raises ``invalid_request`` for what is none, or beyond anything that is ever paid."""
    try:
        money = Money.parse(text)
    except MoneyError as error:
        raise InvalidRequest(f"{param}: {error}", param=param) from None
    if money.micros > LARGEST:
        raise InvalidRequest(f"{param}: an amount is at most {LARGEST}", param=param)
    return money
