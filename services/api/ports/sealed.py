"""What is kept sealed, whatever it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from services.api.domain.resealing import SealedValue


class SealedValues(Protocol):
    """Values under keys of the vault, one kind of them."""

    async def behind(self, newest: str, after: str, limit: int) -> Sequence[SealedValue]:
        """Values under other keys than ``newest``, of at most ``limit`` documents beyond ``after``, in their order."""
        ...

    async def one_under(self, kid: str) -> SealedValue | None:
        """Some value under that key."""
        ...

    async def replace(self, value: SealedValue, sealed: str) -> bool:
        """Store the same secret as ``sealed``; False when the value is not (any more) as it was read."""
        ...

    async def count(self) -> Counter[str]:
        """How many values each key id seals."""
        ...
