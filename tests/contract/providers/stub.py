"""A Venice-shaped server on loopback whose jobs follow the same scripts as the provider in memory."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import web

from shared.providers.memory import CHUNK, Script
from shared.providers.outcomes import (
    Barred,
    Broken,
    Failed,
    Faulty,
    Forgotten,
    LookAgain,
    LookOutcome,
    Missing,
    NotForgotten,
    NotQuoted,
    Quoted,
    QuoteOutcome,
    Ready,
    Refused,
    SubmitOutcome,
    Submitted,
    Unknown,
    Working,
)

KEY = "stub-key"
FAULT_STATUS = {"provider_rejected": 400, "content_policy": 422}


class _Job:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.looks = deque(script.looks)
        self.forgets = deque(script.forgets)
        self.forgotten = False

    def look(self) -> LookOutcome:
        if self.forgotten:
            return Missing()
        if self.looks:
            return self.looks.popleft()
        return self.script.then or Ready(self.script.content_type)


class StubVenice:
    """What is asked is on record as ``(path, body)``."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.scripts: deque[Script] = deque()
        self.quotes: deque[QuoteOutcome] = deque()
        self._jobs: dict[str, _Job] = {}

    def app(self) -> web.Application:
        app = web.Application()
        for act in (self.quote, self.queue, self.retrieve, self.complete):
            app.router.add_post(f"/api/v1/audio/{act.__name__}", self._recorded(act))
        return app

    def _recorded(self, act: Callable[[web.Request, dict[str, Any]], Any]) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.json()
            self.requests.append((request.path, body))
            if request.headers["Authorization"] != f"Bearer {KEY}" and act.__name__ != "quote":
                return _error(401, "Authentication failed")
            return await act(request, body)

        return handle

    async def quote(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        match self.quotes.popleft():
            case Quoted(price):
                return web.Response(
                    text=f'{{"quote": {price.micros / 1_000_000:.6f}}}', content_type="application/json"
                )
            case NotQuoted(reason, definite, _, status, retry_after):
                return _error(status or (400 if definite else 500), reason, retry_after)

    async def queue(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        script = self.scripts.popleft() if self.scripts else Script()
        match script.submit:
            case None:
                queue_id = f"q-{len(self._jobs) + 1}"
            case Submitted(queue_id):
                pass
            case refusal:
                return _refusal(refusal)
        self._jobs[queue_id] = _Job(script)
        return web.json_response({"model": body["model"], "queue_id": queue_id, "status": "QUEUED"})

    async def retrieve(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        job = self._jobs.get(body["queue_id"])
        match Missing() if job is None else job.look():
            case Working(expected, elapsed):
                news = {
                    "status": "PROCESSING",
                    "average_execution_time": _millis(expected),
                    "execution_duration": _millis(elapsed),
                }
                return web.json_response({name: value for name, value in news.items() if value is not None})
            case Failed(code, message, suggestion):
                return _error(FAULT_STATUS[code], message, suggested_prompt=suggestion)
            case (Barred() | Missing()) as unseen:
                return _error(401 if isinstance(unseen, Barred) else 404, unseen.message)
            case Broken(message):
                return _error(500, message)
            case LookAgain(reason, after):
                return _error(503, reason, after)
            case Ready():
                assert job is not None
                return await _media(request, job.script)

    async def complete(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        job = self._jobs.get(body["queue_id"])
        if job is None:
            return _error(404, "Media could not be found")
        outcome = job.forgets.popleft() if job.forgets else Forgotten()
        job.forgotten = isinstance(outcome, Forgotten)
        match outcome:
            case Forgotten():
                return web.json_response({"success": True})
            case NotForgotten(reason):
                return _error(500, reason)


async def _media(request: web.Request, script: Script) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": script.content_type})
    if script.announced:
        response.content_length = len(script.media)
    else:
        response.enable_chunked_encoding()
    await response.prepare(request)
    whole = script.media if script.breaks_after is None else script.media[: script.breaks_after]
    for start in range(0, len(whole), CHUNK):
        await response.write(whole[start : start + CHUNK])
    if script.breaks_after is not None:
        assert request.transport is not None
        request.transport.close()
    return response


def _refusal(outcome: SubmitOutcome) -> web.Response:
    match outcome:
        case Refused(reason, _, int(status), retry_after):
            return _error(status, reason, retry_after)
        case Faulty(code, message, suggestion):
            return _error(FAULT_STATUS[code], message, suggested_prompt=suggestion)
        case Unknown(reason):
            return _error(502, reason)
        case _:
            raise AssertionError(outcome)


def _error(status: int, text: str, retry_after: timedelta | None = None, **more: str | None) -> web.Response:
    body = {"error": text, **{name: value for name, value in more.items() if value is not None}}
    headers = {} if retry_after is None else {"Retry-After": str(int(retry_after.total_seconds()))}
    return web.Response(status=status, text=json.dumps(body), content_type="application/json", headers=headers)


def _millis(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds() * 1000


@asynccontextmanager
async def serving(stub: StubVenice) -> AsyncIterator[str]:
    """Serve until the block is left; yields the base URL."""
    runner = web.AppRunner(stub.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}/api/v1"
    finally:
        await runner.cleanup()
