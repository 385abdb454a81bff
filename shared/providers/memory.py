"""A provider in memory, for tests of what is built on one.  It passes the same suite as the real ones.

Each job goes as its :class:`Script` says; every call is on record.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shared.market.models import Model
from shared.market.parameters import Parameters, quantity
from shared.market.prices import charge, rounded_up
from shared.providers.outcomes import (
    Broken,
    Failed,
    ForgetOutcome,
    Forgotten,
    LookOutcome,
    Missing,
    NotQuoted,
    Quoted,
    QuoteOutcome,
    Ready,
    SubmitOutcome,
    Submitted,
    Working,
)
from shared.providers.provider import Access, Body, Fault, FetchFailed, Gone, Handed, NotReady
from shared.providers.refusals import Prospect
from shared.providers.request_fault import RequestFault

CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Script:
    """How one job goes.  The default: taken, ready at the first look, fetched whole, forgotten."""

    submit: SubmitOutcome | None = None
    """What the submit is told; None takes the job under a fresh id."""
    looks: tuple[LookOutcome, ...] = ()
    """What the first looks are told."""
    then: LookOutcome | None = None
    """What every look after those is told; None: the media is ready."""
    media: bytes = b"ID3\x04" + bytes(1020)
    content_type: str = "audio/mpeg"
    announced: bool = True
    """Whether the length of the media is said beforehand."""
    breaks_after: int | None = None
    """Bytes after which the media breaks off."""
    forgets: tuple[ForgetOutcome, ...] = ()
    """What the first attempts to forget are told; after those it is forgotten."""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that was asked: ``act`` is quote, submit, look, fetch or forget."""

    act: str
    access: Access
    handed: Handed | None = None
    model: Model | None = None
    parameters: Parameters | None = None
    prospect: Prospect | None = None


@dataclass(slots=True)
class _Job:
    script: Script
    looks: deque[LookOutcome] = field(default_factory=deque)
    forgets: deque[ForgetOutcome] = field(default_factory=deque)
    forgotten: bool = False

    @property
    def now(self) -> LookOutcome:
        """How the job stands: what the next look is told."""
        if self.forgotten:
            return Missing()
        return self.looks[0] if self.looks else self.script.then or Ready(self.script.content_type)


class MemoryProvider:
    """A :class:`~shared.providers.provider.Provider` that does as it was told beforehand."""

    def __init__(self, *scripts: Script, otherwise: Script = Script()) -> None:
        self.calls: list[Call] = []
        self.quotes: deque[QuoteOutcome] = deque()
        """What the next quotes are told; when there are none, the model's list price."""
        self._scripts = deque(scripts)
        self._otherwise = otherwise
        self._jobs: dict[Handed, _Job] = {}

    def expect(self, *scripts: Script) -> None:
        """Say how the next jobs will go, in the order of their submits."""
        self._scripts.extend(scripts)

    def asked(self, act: str) -> list[Call]:
        """The calls of one act, in order."""
        return [call for call in self.calls if call.act == act]

    def put(self, handed: Handed, script: Script) -> None:
        """Have a job that was never submitted here, as after a restart."""
        self._jobs[handed] = _Job(script, deque(script.looks), deque(script.forgets))

    async def quote(self, access: Access, model: Model, parameters: Parameters) -> QuoteOutcome:
        """Tell the next of :attr:`quotes`, or the list price."""
        self.calls.append(Call("quote", access, model=model, parameters=parameters))
        if self.quotes:
            return self.quotes.popleft()
        price = None if model.pricing is None else charge(model.pricing, quantity(parameters, model))
        if price is None:
            return NotQuoted("the model has no price for this", definite=True)
        return Quoted(rounded_up(price))

    async def submit(self, access: Access, model: Model, parameters: Parameters) -> SubmitOutcome:
        """Take the job, or tell what its script says."""
        script = self._scripts.popleft() if self._scripts else self._otherwise
        outcome = script.submit or Submitted(f"memory-{len(self.calls) + 1}")
        handed = None
        if isinstance(outcome, Submitted):
            handed = Handed(model.provider_model, outcome.provider_job_id, model.kind)
            self.put(handed, script)
        self.calls.append(Call("submit", access, handed, model, parameters))
        return outcome

    async def look(self, access: Access, handed: Handed, prospect: Prospect = Prospect.UNSEEN) -> LookOutcome:
        """Tell the next look of the job's script."""
        self.calls.append(Call("look", access, handed, prospect=prospect))
        job = self._jobs.get(handed)
        if job is None:
            return Missing()
        outcome = job.now
        if job.looks:
            job.looks.popleft()
        return outcome

    @asynccontextmanager
    async def fetch(self, access: Access, handed: Handed, *, within: timedelta) -> AsyncIterator[Body]:
        """Give the job's media; time does not pass here, so ``within`` is never over."""
        self.calls.append(Call("fetch", access, handed))
        job = self._jobs.get(handed)
        match Missing() if job is None else job.now:
            case Ready(content_type) if job is not None:
                script = job.script
                yield Body(content_type, len(script.media) if script.announced else None, _pieces(script))
            case Missing():
                raise Gone("there is no such job")
            case Working():
                raise NotReady("the provider is still rendering")
            case Failed(code, message, suggestion):
                raise RequestFault(code, message, suggestion)
            case Broken(message):
                raise FetchFailed(message, retryable=True)
            case _:
                raise FetchFailed("no media just now", retryable=True)

    async def forget(self, access: Access, handed: Handed) -> ForgetOutcome:
        """Drop the job's media, or tell what its script says."""
        self.calls.append(Call("forget", access, handed))
        job = self._jobs.get(handed)
        if job is None:
            return Forgotten()
        outcome = job.forgets.popleft() if job.forgets else Forgotten()
        job.forgotten = isinstance(outcome, Forgotten)
        return outcome


async def _pieces(script: Script) -> AsyncIterator[bytes]:
    whole = script.media if script.breaks_after is None else script.media[: script.breaks_after]
    for start in range(0, len(whole), CHUNK):
        yield whole[start : start + CHUNK]
    if script.breaks_after is not None:
        raise FetchFailed("the media broke off", retryable=True, fault=Fault.BROKEN_OFF)
