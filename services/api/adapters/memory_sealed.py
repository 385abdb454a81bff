"""Sealed values in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from services.api.domain.resealing import SealedValue


class MemorySealedValues:
    """See :class:`services.api.ports.SealedValues`."""

    def __init__(self, values: list[SealedValue]) -> None:
        self._values = {(value.document_id, value.name): value for value in values}

    async def behind(self, newest: str, after: str, limit: int) -> list[SealedValue]:
        stale = [
            value
            for value in sorted(self._values.values(), key=lambda value: (value.document_id, value.name))
            if value.document_id > after and not value.sealed.startswith(f"v1.{newest}.")
        ]
        documents = sorted({value.document_id for value in stale})[:limit]
        return [value for value in stale if value.document_id in documents]

    async def one_under(self, kid: str) -> SealedValue | None:
        return next((value for value in self._values.values() if value.sealed.startswith(f"v1.{kid}.")), None)

    async def replace(self, value: SealedValue, sealed: str) -> bool:
        place = value.document_id, value.name
        if self._values.get(place) != value:
            return False
        self._values[place] = replace(value, sealed=sealed)
        return True

    async def count(self) -> Counter[str]:
        return Counter(value.sealed.split(".")[1] for value in self._values.values())
