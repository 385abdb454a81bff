"""What keeping audio needs from the world."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeAlias

from services.artifacts.domain.audio.unfit import Unfit
from services.artifacts.domain.copies import Copy
from services.artifacts.domain.output import Audio, Output
from services.artifacts.domain.patience import Tries
from shared.contracts.event import Event
from shared.contracts.records.job import JobRecord
from shared.kernel.secret import Secret


class Jobs(Protocol):
    """The jobs, as api keeps them."""

    async def find(self, job_id: str) -> JobRecord | None:
        """The job, read at majority; None when there is none (any more)."""
        ...


class Keys(Protocol):
    """Opens the provider keys of sellers."""

    async def open(self, offer_id: str, key_id: str) -> Secret:
        """The key itself; raises a ``DomainError`` when the offer does not hold it any more."""
        ...


class Announcer(Protocol):
    """Says facts outside of a message."""

    async def say(self, *facts: Event) -> None:
        """Return when the broker has them; raises ``Transient`` when that is not known."""
        ...


class Upload(Protocol):
    """An object in the making."""

    async def write(self, piece: bytes) -> None:
        """Take the next bytes, at most one part of them waiting in memory."""
        ...

    async def complete(self) -> None:
        """Return when the object is there with exactly the bytes that were written."""
        ...


class Objects(Protocol):
    """The object store.  Everything raises ``Transient`` while it is not available."""

    def writing(self, key: str, content_type: str) -> AbstractAsyncContextManager[Upload]:
        """Write an object.  Before ``complete`` there is none, and leaving the block without it leaves nothing."""
        ...

    async def length(self, key: str) -> int | None:
        """The bytes of an object; None when there is none."""
        ...

    async def remove(self, prefix: str) -> None:
        """Remove every object whose key begins so.  Removing what is not there is no error."""
        ...

    async def abort_uploads(self, prefix: str, *, older_than: timedelta) -> int:
        """End what was begun so long ago and never completed; returns how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to fetch one output, while the lease lasts."""

    copy: Copy
    token: str
    tries: Tries
    """Fetches of this attempt that failed before."""
    counted: Audio | None = None
    """What an earlier fetch of this attempt was about to complete when it broke off."""
    taken_over: bool = False
    """Whether somebody may have written an object before."""


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody else is fetching it, and their lease has not ended."""


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing is to be fetched for this attempt: a newer one is known, or the job has ended."""


Claiming: TypeAlias = Claim | Output | Held | Over


class Outputs(Protocol):
    """What is kept of each output.  Leases are kept by the server's clock; every write is a compare-and-set."""

    async def claim(self, copy: Copy, *, lease: timedelta) -> Claiming:
        """Take the output of ``copy`` over to fetch it.

        Only a newer attempt takes over what an older one did not store.  An :class:`Output` is
        stored already, or was rejected in this very attempt.
        """
        ...

    async def renew(self, claim: Claim, *, lease: timedelta) -> bool:
        """Hold on to the claim; False when it was lost."""
        ...

    async def about_to_complete(self, claim: Claim, audio: Audio, *, lease: timedelta) -> bool:
        """Note what is about to be there, and hold on to the claim; False when it was lost."""
        ...

    async def store(self, claim: Claim, audio: Audio, *, retention: timedelta) -> Output | None:
        """The audio is there and stays for ``retention``; None when the claim was lost."""
        ...

    async def reject(self, claim: Claim, unfit: Unfit) -> Output | None:
        """This attempt's audio is given up; None when the claim was lost."""
        ...

    async def release(self, claim: Claim, *, tries: Tries | None = None) -> None:
        """Let somebody else try; ``tries`` is what has failed by now, if that changed.  A lost claim is left alone."""
        ...

    async def end(self, job_id: str, *, delivered: bool) -> bool:
        """The job has ended: what is not stored never will be, and no copy is needed any more.

        True when there may be objects that nobody will ask for.
        """
        ...

    async def discard(self, job_id: str) -> None:
        """The objects of a job that ended without audio are removed."""
        ...

    async def unsaid(self) -> Output | None:
        """A stored, rejected or long claimed output of a job whose ending was not heard, due to be said again.

        Each is given to one caller at a time, at the intervals of :mod:`services.artifacts.domain.saying`.
        """
        ...

    async def said(self, output: Output) -> None:
        """It was said what became of the output: the provider's copy is not needed any more."""
        ...

    async def past_retention(self, *, lease: timedelta) -> Output | None:
        """A stored output whose time is up, leased to the caller."""
        ...

    async def expire(self, output: Output) -> None:
        """Its object is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The copies of one output that are to be forgotten, leased to the caller."""

    output_id: str
    copies: Sequence[Copy]
    times_asked: int
    """Rounds before this one."""
    due_for: timedelta
    """How long the oldest of them has been due."""


class Copies(Protocol):
    """What providers still have."""

    async def leave(self, copy: Copy) -> None:
        """This copy will not be fetched (again): it is due to be forgotten, unless it was already."""
        ...

    async def due(self, *, lease: timedelta) -> Forgetting | None:
        """An output with copies that are due, longest due first."""
        ...

    async def conclude(
        self, round: Forgetting, *, forgotten: Collection[int], given_up: Collection[int], again_after: timedelta
    ) -> None:
        """Note which attempts' copies are gone, which are given up, and when the others are due again."""
        ...
