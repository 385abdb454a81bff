"""Letters between a document and the broker."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.api.domain.outbox import Letter, Unsent
from shared.contracts.event import Event
from shared.kernel.errors import Transient


class Unconfirmed(Transient):
    """A write was not acknowledged: it may have happened, it may not, it may still."""


class Outbox(Protocol):
    """Letters kept in the documents of one collection."""

    async def pull(self, document_id: str, event_id: str) -> None:
        """Forget a letter that the broker has."""
        ...

    async def take_up(self, document_id: str, letter: Letter, at: datetime) -> bool:
        """Put a letter's instant on to ``at``, if it is there as it was seen; of several sweeps one does."""
        ...

    async def unsent(self, before: datetime, limit: int) -> list[Unsent]:
        """At most ``limit`` documents with letters from before that instant, oldest first."""
        ...

    async def backlog(self, most: int) -> int:
        """How many documents have letters, counted up to ``most``."""
        ...


class Post(Protocol):
    """Brings letters to the broker, and forgets them where they were kept."""

    def letter(self, event: Event) -> Letter:
        """The fact, enclosed now and with the trace it belongs to."""
        ...

    def send(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        """Bring it soon, without waiting; what does not arrive stays in its outbox for the sweep."""
        ...

    async def deliver(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        """Bring it now; raises ``Transient`` when it is not known to have arrived."""
        ...
