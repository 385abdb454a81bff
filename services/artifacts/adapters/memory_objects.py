"""A bucket in memory.  It passes the same suite as the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.kernel.clock import Clock
from shared.kernel.errors import Transient


@dataclass(frozen=True, slots=True)
class Kept:
    """One object."""

    content_type: str
    data: bytes


@dataclass(slots=True, eq=False)
class _Upload:
    objects: MemoryObjects
    key: str
    content_type: str
    begun_at: datetime
    data: bytearray = field(default_factory=bytearray)

    async def write(self, piece: bytes) -> None:
        self.objects.answer()
        self.data += piece

    async def complete(self) -> None:
        self.objects.answer()
        self.objects.kept[self.key] = Kept(self.content_type, bytes(self.data))
        self.objects.uploads.remove(self)


class MemoryObjects:
    """See :class:`services.artifacts.ports.Objects`."""

    def __init__(self, clock: Clock) -> None:
        self.kept: dict[str, Kept] = {}
        self.uploads: list[_Upload] = []
        self.available = True
        self._clock = clock

    def answer(self) -> None:
        """Raise ``Transient`` while the bucket is told not to be available."""
        if not self.available:
            raise Transient("the object store is not available")

    @asynccontextmanager
    async def writing(self, key: str, content_type: str) -> AsyncIterator[_Upload]:
        upload = _Upload(self, key, content_type, self._clock.now())
        self.uploads.append(upload)
        try:
            yield upload
        finally:
            if upload in self.uploads:
                self.uploads.remove(upload)

    async def length(self, key: str) -> int | None:
        self.answer()
        return len(self.kept[key].data) if key in self.kept else None

    async def remove(self, prefix: str) -> None:
        self.answer()
        for key in [key for key in self.kept if key.startswith(prefix)]:
            del self.kept[key]

    async def abort_uploads(self, prefix: str, *, older_than: timedelta) -> int:
        self.answer()
        before = self._clock.now() - older_than
        dead = [upload for upload in self.uploads if upload.key.startswith(prefix) and upload.begun_at < before]
        for upload in dead:
            self.uploads.remove(upload)
        return len(dead)
