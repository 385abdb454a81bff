"""What watching needs from the world."""

from __future__ import annotations

from collections.abc import Collection, Set
from contextlib import AbstractContextManager
from typing import Protocol

from shared.contracts.event import Event
from shared.kernel.secret import Secret


class Keys(Protocol):
    """Opens the provider keys of sellers."""

    async def open(self, offer_id: str, key_id: str) -> Secret:
        """The key itself; raises a ``DomainError`` when the offer does not hold it any more."""
        ...


class Announcer(Protocol):
    """Says a fact while the message that led to it is still held."""

    async def say(self, *facts: Event) -> None:
        """Return when the broker has them; raises ``Transient`` when that is not known."""
        ...


class OpenWatch(Protocol):
    """One job being watched in this process."""

    async def wait(self, seconds: float) -> bool:
        """Return after that time, or as soon as the watch is dropped; True when it was dropped."""
        ...

    @property
    def dropped(self) -> bool:
        """Whether it was dropped by now."""
        ...


class Watches(Protocol):
    """The jobs that this process watches."""

    def watching(self, job_id: str) -> AbstractContextManager[OpenWatch]:
        """Watch a job until the block ends."""
        ...

    @property
    def job_ids(self) -> Set[str]:
        """All of them."""
        ...

    def drop(self, job_id: str) -> None:
        """End every watch of the job here, if there is any."""
        ...


class Records(Protocol):
    """What other services have on record about jobs."""

    async def ended(self, job_ids: Collection[str]) -> Set[str]:
        """Those of them that have ended."""
        ...

    async def settled(self, job_id: str, attempt: int) -> bool:
        """Whether nothing is left to watch: the job has ended, or what the attempt brought is kept or refused."""
        ...
