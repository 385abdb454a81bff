"""The HTTP server under an application: what it does with connections on which nothing can be read."""

from __future__ import annotations

import json
from asyncio import AbstractEventLoop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import structlog
from aiohttp import web

from shared.kernel.ids import new_id

IDLE: Final = timedelta(seconds=75)
"""For a connection to bring the whole head of its next request, from its opening or the last answer on.

Longer than proxies usually keep a connection to us, so that they are the ones to close it.
"""
_LARGEST_HEAD_LINE: Final = 8 * 1024
_MOST_HEADERS: Final = 100

log = structlog.get_logger("http")


@asynccontextmanager
async def served(
    bind: tuple[str, int], app: web.Application, *, drain: timedelta, idle: timedelta = IDLE
) -> AsyncIterator[tuple[str, int]]:
    """Serve ``app`` until the block is left, then for ``drain`` at most; gives the address as it turned out."""
    app.on_response_prepare.append(_without_a_name)
    runner = _Runner(
        app,
        access_log=None,
        shutdown_timeout=drain.total_seconds() / 2,  # aiohttp waits twice: for the answer, then for its handler's end
        handle_signals=False,
        keepalive_timeout=idle.total_seconds(),
        max_line_size=_LARGEST_HEAD_LINE,
        max_field_size=_LARGEST_HEAD_LINE,
        max_headers=_MOST_HEADERS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, *bind, reuse_port=None).start()
        host, port = runner.addresses[0][:2]
        yield host, port
    finally:
        await runner.cleanup()


class _Runner(web.AppRunner):
    """aiohttp's own, but for the class of its connections, which aiohttp has no setting for."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)


class _Server(web.Server):
    def __init__(self, *handler: Any, loop: AbstractEventLoop | None = None, **settings: Any) -> None:
        super().__init__(*handler, loop=loop, **settings)
        self._settings = {name: value for name, value in settings.items() if name != "request_factory"}

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._settings)


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What comes before any application: bytes that are no request.  All else is left to aiohttp."""
        if status != HTTPStatus.BAD_REQUEST:
            return super().handle_error(request, status, exc, message)
        log.info("unreadable request", status=int(status), error=type(exc).__name__, remote=request.remote)
        return _Unreadable()


class _Unreadable(web.Response):
    """The answer to it, in the words of every other error; the connection ends with it."""

    def __init__(self) -> None:
        error = {
            "message": "this is no request that can be read",
            "type": "invalid_request_error",
            "param": None,
            "code": "invalid_request",
        }
        super().__init__(
            status=HTTPStatus.BAD_REQUEST,
            body=json.dumps({"error": error}).encode(),
            content_type="application/json",
            headers={
                "X-Request-Id": new_id(),
                "x-should-retry": "false",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
        self.force_close()

    async def _prepare_headers(self) -> None:
        # No application is there yet that would do it before it is sent.
        await super()._prepare_headers()
        self.headers.pop("Server", None)


async def _without_a_name(_request: web.Request, answer: web.StreamResponse) -> None:
    """What we are made of is nobody's business."""
    answer.headers.pop("Server", None)
