"""What answers are made of, for the documents and the type checker alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Generic, Literal, TypeAlias, TypeVar

from pydantic import Field, WithJsonSchema
from pydantic.fields import FieldInfo
from typing_extensions import TypedDict

T = TypeVar("T")

Id: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Unix: TypeAlias = Annotated[int, Field(description="Unix seconds.")]
Usdc: TypeAlias = Annotated[str, Field(pattern=r"^\d+$", description="Whole micro-USDC.")]
Difference: TypeAlias = Annotated[str, Field(pattern=r"^-?\d+$", description="Whole micro-USDC, below zero too.")]
Percent: TypeAlias = Annotated[str, Field(pattern=r"^-?\d+\.\d\d$", description="Percent below the list price.")]

_USDC: Final = {"type": "string", "pattern": r"^\d+$"}
_TIER: Final = {
    "type": "object",
    "required": ["max_seconds", "usdc"],
    "properties": {"max_seconds": {"type": "integer", "minimum": 1}, "usdc": _USDC},
    "additionalProperties": False,
}


def _priced(by: str, price: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [by], "properties": {by: price}, "additionalProperties": False}


Schedule: TypeAlias = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "oneOf": [
                _priced("generation", _USDC),
                _priced("per_second", _USDC),
                _priced("per_thousand_characters", _USDC),
                _priced("durations", {"type": "array", "minItems": 1, "items": _TIER}),
            ],
            "description": "A price for each generation, second or thousand characters, or one up to each duration.",
        }
    ),
]


def one_of(words: Iterable[str]) -> FieldInfo:
    """A text that is one of these words."""
    field: FieldInfo = Field(json_schema_extra={"enum": [str(word) for word in words]})
    return field


class Listed(TypedDict, Generic[T]):
    """All there are."""

    object: Literal["list"]
    data: list[T]


class Page(TypedDict, Generic[T]):
    """Some, and whether there are more after the last of them."""

    object: Literal["list"]
    data: list[T]
    has_more: bool
    last_id: str | None
