"""The first ids that a cursor comes to, leaving out some."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """Documents as they are read."""

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """Each once, in order."""
        ...

    async def close(self) -> None:
        """Read no more."""
        ...


async def first_ids(cursor: Cursor, field: str, most: int, without: Container[str]) -> Sequence[str]:
    """At most so many different ids of ``field`` that are not ``without``.  Reads no further, and closes the cursor."""
    found: dict[str, None] = {}
    try:
        async for document in cursor:
            if document[field] not in without:
                found[document[field]] = None
            if len(found) == most:
                break
    finally:
        await cursor.close()
    return list(found)
