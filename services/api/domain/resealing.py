"""Sealed values on their way to the newest key of the vault, and what a pass over them came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.vault.vault import Owner


@dataclass(frozen=True, slots=True)
class SealedValue:
    """One value as it is stored: in which document, by which name, and whose it is."""

    document_id: str
    name: str
    sealed: str
    owner: Owner


@dataclass(slots=True)
class Pass:
    """One pass over everything that is sealed."""

    resealed: int = 0
    overtaken: int = 0
    """Values that somebody replaced meanwhile."""
    unlisted: Counter[str] = field(default_factory=Counter)
    """Values under keys that are not listed, by key id."""
    damaged: Counter[str] = field(default_factory=Counter)
    """Values that the listed key of that id does not open."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many values one key of the vault still seals."""

    kid: str
    values: int
    listed: bool
    newest: bool

    @property
    def removable(self) -> bool:
        """Whether nothing would be lost without it."""
        return self.listed and not self.newest and not self.values


def key_uses(listed: Sequence[str], counts: Mapping[str, int]) -> list[KeyUse]:
    """Every key that is listed, newest first, and every other one that a value was sealed with."""
    unlisted = sorted(set(counts) - set(listed))
    return [KeyUse(kid, counts.get(kid, 0), kid in listed, kid == listed[0]) for kid in (*listed, *unlisted)]
