"""Letters: facts enclosed and kept in the document they belong to, until the broker has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One fact, ready to be published as it is; ``event_id`` names it in its document."""

    event_id: str
    routing_key: str
    body: bytes = field(repr=False)
    mandatory: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """A document with letters that nobody has confirmed yet."""

    document_id: str
    letters: tuple[Letter, ...]
