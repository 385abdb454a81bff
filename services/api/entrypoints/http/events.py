"""One job's life as server-sent events, from its state now to its ending."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from pydantic_core import to_json

from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.jobs import view
from services.api.handlers.follow_job import follow_job
from shared.contracts.job_view import progress
from shared.contracts.records.job import JobRecord

HEARTBEAT: Final = timedelta(seconds=15)
_HEADERS: Final = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
_BEAT: Final = b": heartbeat\n\n"


async def stream_job(call: Call) -> web.StreamResponse:
    """``status`` carries the job whenever it changed, ``progress`` only how far it is."""
    states = follow_job(call.job_id, call.reader, world=call.world.following)
    with call.world.places.taken("event streams"):
        job = await call.world.places.until_closed(_next(states))
        answer = web.StreamResponse(headers=_HEADERS)
        if job is not None:
            await answer.prepare(call.request)
            await _tell(call, answer, job, states)
            await answer.write_eof()
    return answer


async def _tell(call: Call, answer: web.StreamResponse, job: JobRecord, states: AsyncIterator[JobRecord | None]) -> None:
    line = _Line(call, answer)
    await line.status(job)
    while not job.ended:
        step = await call.world.places.until_closed(_step(states))
        if step is None:
            return
        if step.job is not None:
            job = step.job
            await line.status(job)
        else:
            await line.between(job)
