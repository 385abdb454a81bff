"""Identifiers: random where nothing is known, derived where saying it twice must give the same one."""

import uuid
from typing import Final

_NAMESPACE: Final = uuid.UUID("6f1c1f0a-5d3e-5b39-9a53-7d0f5b7f6a11")


def new_id() -> str:
    """A fresh random id, for what has no earlier name."""
    return str(uuid.uuid4())


def derived_id(*parts: str | int) -> str:
    """The one id that these parts always give; parts are kept apart, so ``a, bc`` is not ``ab, c``."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)))


def is_id(text: str) -> bool:
    """Whether ``text`` is an id in the canonical form that the market gives out."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
