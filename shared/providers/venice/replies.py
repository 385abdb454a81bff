"""What can come back from one request, before anybody decides what it means."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeAlias

from shared.providers.rate_headers import Allowance

JSON_LIMIT: Final = 1024 * 1024
"""Bytes of an answer that are read; a longer one is unreadable."""


class Unreadable(Enum):
    """The data of an answer that was too long, encoded, cut off or not JSON."""

    DATA = "unreadable"


@dataclass(frozen=True, slots=True)
class Heard:
    """The provider answered.  ``data`` is what its JSON holds, with exact numbers."""

    status: int
    content_type: str
    data: Any | Unreadable = Unreadable.DATA
    allowance: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class NeverSent:
    """No connection was made, so the provider cannot have heard anything."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The request may have been heard; no answer to it will be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing was sent, to spare the key's budget; there is room again after ``after``."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class Unsendable:
    """Nothing was sent: the key holds characters that no header may carry."""


Reply: TypeAlias = Heard | NeverSent | Lost | Held | Unsendable


def read_json(body: bytes) -> Any | Unreadable:
    """Parse strictly: UTF-8, no NaN or infinity, numbers with a point as :class:`Decimal`."""
    try:
        return json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        return Unreadable.DATA


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
