"""Reading values of the language out of stored documents: money is int64 micros, instants carry UTC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from shared.kernel.money import Money

Document: TypeAlias = Mapping[str, Any]


def money(document: Document, field: str) -> Money:
    """The amount under ``field``; a missing one is a broken document and raises KeyError."""
    return Money(document[field])


def optional_money(document: Document, field: str) -> Money | None:
    """The amount under ``field``, or None where there is none."""
    value = document.get(field)
    return None if value is None else Money(value)


def micros(amount: Money | None) -> int | None:
    """The stored form of an amount."""
    return None if amount is None else amount.micros
