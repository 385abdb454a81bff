"""An object store that fails where it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from shared.kernel.secret import Secret
from shared.storage.objects import Objects, Store, open_objects

Step = Literal["put", "begin", "part", "complete", "head", "abort", "delete", "list", "uploads"]
Failure = Literal["unavailable", "error_in_200", "drop", "drop_after", "hang", "short", "gone", "foreign"]

_GONE = "<Error><Code>NoSuchUpload</Code></Error>"
_FOREIGN = '<?xml version="1.0"?><html><body>Please log in</body></html>'
_ERROR = '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We are sorry</Message></Error>'
_SAID_INSTEAD: dict[Failure, tuple[int, str]] = {
    "unavailable": (503, _ERROR),
    "gone": (404, _GONE),
    "error_in_200": (200, _ERROR),
    "foreign": (200, _FOREIGN),
}
_ANSWERS: dict[Step, str] = {
    "begin": "<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>",
    "complete": '<CompleteMultipartUploadResult><ETag>"tag"</ETag></CompleteMultipartUploadResult>',
    "list": "<ListBucketResult><Name>bucket</Name></ListBucketResult>",
    "uploads": "<ListMultipartUploadsResult><Upload><Key>a/0.wav</Key><UploadId>upload-1</UploadId>"
    "<Initiated>2026-05-01T12:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>",
}


@dataclass
class FailingStore:
    """Just enough of S3; ``fails`` says what goes wrong at which step."""

    fails: dict[Step, Failure] = field(default_factory=dict)
    asked: list[Step] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a step that hangs was asked for."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        step = _step(request)
        self.asked.append(step)
        failure = self.fails.get(step)
        if failure in _SAID_INSTEAD:
            status, text = _SAID_INSTEAD[failure]
            empty = step == "head"  # an answer without a length
            return web.StreamResponse(status=status) if empty else web.Response(status=status, text=text)
        if failure == "hang":
            self.reached.set()
            await asyncio.Event().wait()
        if failure == "drop":
            return self._dropped(request)
        answer = self._do(step, request.path, len(body))
        if failure == "drop_after":
            return self._dropped(request)
        if failure == "short":
            answer.headers["Content-Length"] = "1"
        return answer

    def _dropped(self, request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _do(self, step: Step, key: str, size: int) -> web.Response:
        self._keep(step, key, size)
        if step == "head":
            there = key in self.kept
            return web.Response(status=200 if there else 404, headers={"Content-Length": str(self.kept.get(key, 0))})
        return web.Response(text=_ANSWERS.get(step, ""), content_type="application/xml", headers={"ETag": '"tag"'})

    def _keep(self, step: Step, key: str, size: int) -> None:
        if step == "put":
            self.kept[key] = size
        elif step == "begin":
            self.parts = 0
        elif step == "part":
            self.parts += size
        elif step == "complete":
            self.kept[key] = self.parts


def _step(request: web.Request) -> Step:
    query, method = request.query, request.method
    if "uploads" in query:
        return "begin" if method == "POST" else "uploads"
    if "uploadId" in query:
        by_method: dict[str, Step] = {"PUT": "part", "POST": "complete", "DELETE": "abort"}
        return by_method[method]
    others: dict[str, Step] = {"PUT": "put", "HEAD": "head", "DELETE": "delete", "GET": "list"}
    return others[method]


@asynccontextmanager
async def failing_store(store: FailingStore) -> AsyncIterator[Objects]:
    """A client of that store."""
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", store.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        async with open_objects(
            Store(f"http://{host}:{port}", "bucket", "us-east-1", "key", Secret("secret"))
        ) as objects:
            yield objects
    finally:
        await runner.cleanup()
