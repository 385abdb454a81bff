"""How values of the language look in JSON: money as digits, instants as Unix seconds."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, PlainSerializer

from shared.kernel.clock import from_unix
from shared.kernel.money import Money


def _money(value: object) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, str):
        raise ValueError("an amount is a string of micro-USDC")
    return Money.parse(value)


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("an instant is a number of Unix seconds")
    return from_unix(value)


def _seconds(at: datetime) -> int | float:
    seconds = round(at.timestamp(), 3)
    return int(seconds) if seconds.is_integer() else seconds


WireMoney: TypeAlias = Annotated[
    Money,
    BeforeValidator(_money, json_schema_input_type=Annotated[str, "micro-USDC"]),
    PlainSerializer(str, return_type=str),
]
WireInstant: TypeAlias = Annotated[
    datetime,
    BeforeValidator(_instant, json_schema_input_type=float),
    PlainSerializer(_seconds, return_type=float, when_used="json"),
]
WireObject: TypeAlias = dict[str, Any]
