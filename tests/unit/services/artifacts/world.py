"""Everything that keeping audio asks for, in memory, on a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.artifacts.adapters.memory_copies import MemoryCopies
from services.artifacts.adapters.memory_objects import MemoryObjects
from services.artifacts.adapters.memory_outputs import MemoryOutputs
from services.artifacts.adapters.memory_rows import Row, Rows
from services.artifacts.domain.copies import Copy, CopyState
from services.artifacts.handlers.end_outputs import hear_ending
from services.artifacts.handlers.keeping import Keeping, handed
from services.artifacts.handlers.store_artifact import store_artifact
from services.artifacts.handlers.streams import Streams
from services.artifacts.ports import Objects
from shared.contracts.event import Event
from shared.contracts.job_events import JobExpired, JobGenerated, JobSucceeded
from shared.contracts.records.job import JobRecord
from shared.kernel.errors import DomainError, Transient
from shared.kernel.secret import Secret
from shared.market.kinds import KINDS
from shared.providers.memory import MemoryProvider, Script
from shared.providers.outcomes import ForgetOutcome
from shared.providers.provider import Access, Body, Handed
from shared.vault.errors import VaultKeyMissing
from tests.kit.clocks import StoppedClock
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.story import AT, copy, generated, job

RETENTION = timedelta(hours=3)
OnPiece = Callable[[], Awaitable[None]]


class SlowProvider(MemoryProvider):
    """A provider during whose bodies something else happens."""

    def __init__(self) -> None:
        super().__init__()
        self.on_piece: OnPiece | None = None
        self.stalled: dict[str, asyncio.Event] = {}
        self.within: list[timedelta] = []
        self.open = 0
        self.most_open = 0

    @asynccontextmanager
    async def fetch(self, access: Access, handed: Handed, *, within: timedelta) -> AsyncIterator[Body]:
        self.within.append(within)
        async with super().fetch(access, handed, within=within) as body:
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            try:
                yield replace(body, chunks=self._interrupted(body.chunks, handed))
            finally:
                self.open -= 1

    async def _interrupted(self, chunks: AsyncIterator[bytes], handed: Handed) -> AsyncIterator[bytes]:
        async for chunk in chunks:
            if handed.provider_job_id in self.stalled:
                await self.stalled[handed.provider_job_id].wait()
            if self.on_piece is not None:
                await self.on_piece()
            yield chunk


class World:
    """One job whose audio is ready, and the process that hears of it."""

    def __init__(self, media: bytes | None = None, **script: Any) -> None:
        self.clock = StoppedClock(AT)
        self.rows = Rows()
        self.objects = MemoryObjects(self.clock)
        self.provider = SlowProvider()
        self.jobs: dict[str, JobRecord] = {"job": job()}
        self.said: list[Event] = []
        self.broker_is_there = True
        self.keys_are_there = True
        self.keys_can_be_opened = True
        self.offer_audio(copy(), audio_file("flac") if media is None else media, **script)
        self.keeping = Keeping(
            jobs=self,
            outputs=MemoryOutputs(self.rows, self.clock),
            copies=MemoryCopies(self.rows, self.clock),
            objects=self.objects,
            keys=self,
            providers={"venice": self.provider},
            kinds=KINDS,
            announcer=self,
            clock=self.clock,
            retention=RETENTION,
            streams=Streams(),
        )

    def offer_audio(self, at: Copy, media: bytes, *, forgets: tuple[ForgetOutcome, ...] = (), **script: Any) -> None:
        self.provider.put(handed(at), Script(media=media, forgets=forgets, **script))

    def stall(self, job_ids: Iterable[str], *, until: asyncio.Event) -> None:
        """Have the bodies of these jobs stall."""
        for job_id in job_ids:
            self.provider.stalled[copy(job_id=job_id).provider_job_id] = until

    def use(self, objects: Objects) -> None:
        """Keep the audio elsewhere."""
        self.keeping = replace(self.keeping, objects=objects)

    async def find(self, job_id: str) -> JobRecord | None:
        return self.jobs.get(job_id)

    async def open(self, offer_id: str, key_id: str) -> Secret:
        if not self.keys_can_be_opened:
            raise VaultKeyMissing("2024")
        if not self.keys_are_there:
            raise DomainError("provider_key_gone", "the offer holds no such key")
        return Secret(f"{key_id} of {offer_id}")

    async def say(self, *facts: Event) -> None:
        if not self.broker_is_there:
            raise Transient("no broker")
        self.said += facts

    async def hear(self, news: JobGenerated | None = None) -> Sequence[Event]:
        return await store_artifact(news or generated(), world=self.keeping)

    async def hear_until_settled(self, news: JobGenerated | None = None) -> Sequence[Event]:
        """Hear it as often as the broker would bring it."""
        while True:
            try:
                return await self.hear(news)
            except Transient:
                self.clock.move(timedelta(seconds=1))

    async def end(self, ending: JobSucceeded | JobExpired) -> None:
        await hear_ending(ending, outputs=self.keeping.outputs, objects=self.objects)

    def row(self) -> Row:
        return self.rows["job:0"]

    def state_of_copy(self, attempt: int = 1) -> CopyState:
        return self.row().copies[attempt].state

    def fetches(self) -> int:
        return len(self.provider.asked("fetch"))

    def forgets(self) -> int:
        return len(self.provider.asked("forget"))

    def nothing_is_left_behind(self) -> bool:
        return not self.objects.kept and not self.objects.uploads and self.provider.open == 0
