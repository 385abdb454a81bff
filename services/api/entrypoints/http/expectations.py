"""Clients that ask before they send their body."""

from __future__ import annotations

from typing import Final

from aiohttp import HttpVersion11, hdrs, web

from services.api.entrypoints.http.errors import error_answer

_CONTINUE: Final = "100-continue"


async def answer_expectation(request: web.Request) -> web.Response | None:
    """Bid such a client go on; refuse in our own envelope whatever else is expected, before any route is asked."""
    if request.headers[hdrs.EXPECT].lower() != _CONTINUE:
        return error_answer("invalid_request", f"only {_CONTINUE} can be expected", param=hdrs.EXPECT)
    if request.version >= HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The answer itself has not begun.
        request.writer.output_size = 0
    return None
