"""One job's life as server-sent events, from its state now to its ending."""

from __future__ import annotations

from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from pydantic_core import to_json

from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.errors import NOT_NOW
from services.api.entrypoints.http.jobs import view
from services.api.entrypoints.http.places import still_there
from services.api.entrypoints.http.refusals import Stopping
from services.api.handlers.follow_job import follow_job
from shared.contracts.job_view import progress
from shared.contracts.records.job import JobRecord

HEARTBEAT: Final = timedelta(seconds=15)
_HEADERS: Final = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}


async def stream_job(call: Call) -> web.StreamResponse:
    """``status`` carries the whole job whenever it changed, ``progress`` only how far it is."""
    places = call.world.places
    states = places.each(follow_job(call.job_id, call.reader, world=call.world.following))
    async with aclosing(states):
        # Whoever may not see the job is told so before the stream begins.
        first = await anext(states)
        assert first is not None
        stream = _Stream(call, first)
        with places.taken("event streams", first.buyer_id), suppress(ConnectionError, Stopping, *NOT_NOW):
            await stream.begin()
            async for changed in states:
                if not still_there(call.request):
                    break
                await stream.go_on(changed)
        # A client that is told no ending comes back, and goes on from the job as it is then.
        return stream.answer


class _Stream:
    """The answer, and what its client was told last."""

    def __init__(self, call: Call, job: JobRecord) -> None:
        self.answer = web.StreamResponse(headers=_HEADERS)
        self._call = call
        self._clock = call.world.clock
        self._job = job
        self._percent = 0
        self._written_at = 0.0

    async def begin(self) -> None:
        """Open the stream with the job as it is."""
        await self.answer.prepare(self._call.request)
        await self._status()

    async def go_on(self, changed: JobRecord | None) -> None:
        """Tell what is new; when nothing is for long, show that the line still stands."""
        if changed is not None:
            self._job = changed
            await self._status()
        elif (percent := progress(self._job, self._clock.now())) != self._percent:
            self._percent = percent
            await self._event("progress", {"id": self._job.id, "status": self._job.status.value, "progress": percent})
        elif self._clock.monotonic() - self._written_at >= HEARTBEAT.total_seconds():
            await self._write(b": heartbeat\n\n")

    async def _status(self) -> None:
        shown = await view(self._job, self._call.world)
        self._percent = shown["progress"]
        await self._event("status", shown)

    async def _event(self, name: str, data: dict[str, Any]) -> None:
        # JSON of ours has no line breaks outside of strings, and in strings they are escaped.
        await self._write(f"event: {name}\ndata: ".encode() + to_json(data) + b"\n\n")

    async def _write(self, line: bytes) -> None:
        await self.answer.write(line)
        self._written_at = self._clock.monotonic()
