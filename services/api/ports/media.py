"""Where stored audio is read from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Media(Protocol):
    """Stored objects, read as they stream."""

    def reading(self, key: str, first: int, last: int) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes from ``first`` to ``last``, both included, in bounded pieces; released when the block ends.

        Raises ``ArtifactExpired`` when there is no such object, and ``Transient`` when the store
        does not answer; the iterator raises ``Transient`` when it ends too early.
        """
        ...
