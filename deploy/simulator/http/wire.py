"""The connection of one call: sends answers, and notices how much of them got across."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Final, cast

from aiohttp import web

from deploy.simulator.answers import Answer, AudioAnswer
from deploy.simulator.record import Call

HEADER_GAP: Final = 0.02
"""Seconds between the headers of audio and its body: enough for a caller that only looks to hang up."""
_PIECE: Final = 64 * 2**10
_SEND_BUFFER: Final = 16 * 2**10
"""Bytes.  What the kernel holds cannot be told from what the caller has read, so it is kept small."""


class HttpWire:
    """A :class:`Wire` on aiohttp.  Everything it sends is noted in ``call``.

    When the caller leaves, the task of the call is cancelled, so that whatever it was sending ends there.
    """

    def __init__(self, request: web.Request, call: Call, earlier_queue_id: str | None) -> None:
        self.earlier_queue_id = earlier_queue_id
        self.extra_headers: Mapping[str, str] = {}
        """Sent with every answer that is begun after they were set."""
        self.used = False
        """An answer was begun, or the connection closed."""
        self._request = request
        self._call = call
        self._response: web.StreamResponse | None = None

    @property
    def response(self) -> web.StreamResponse:
        """What the server framework wants back; empty after a hang-up."""
        return self._response or web.Response()

    async def send(self, answer: Answer) -> None:
        """Send the whole answer, with its true length."""
        if isinstance(answer, AudioAnswer):
            await self._send_audio(answer)
        else:
            body = json.dumps(answer.body).encode()
            kind = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(body))}
            await self.begin(kind | dict(answer.headers), status=answer.status)
            await self.write(body)
        await self.response.write_eof()
        self._call.whole = True

    async def begin(self, headers: dict[str, str], *, status: int = 200) -> None:
        """Send a status line and headers; without a Content-Length the body goes out in chunks."""
        self.used = True
        self._call.status = status
        self._response = web.StreamResponse(status=status, headers=dict(self.extra_headers) | headers)
        if "Content-Length" not in headers:
            self._response.enable_chunked_encoding()
        await self._response.prepare(self._request)

    async def write(self, piece: bytes) -> None:
        """Send a piece of the body that was begun."""
        await self.response.write(piece)
        self._call.bytes_sent += len(piece)

    def hang_up(self, *, reset: bool = False) -> None:
        """Close the connection after what has been written, or at once by an RST."""
        self.used = True
        transport = self._request.transport
        if transport is None:
            return
        if reset:
            at_once = struct.pack("ii", 1, 0)
            _socket_of(transport).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            transport.abort()
        else:
            transport.close()

    async def _send_audio(self, audio: AudioAnswer) -> None:
        transport = self._request.transport
        if transport is not None:
            transport.set_write_buffer_limits(high=0)
            _socket_of(transport).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        await self.begin({"Content-Type": audio.content_type, "Content-Length": str(len(audio.body))})
        await asyncio.sleep(HEADER_GAP)
        for start in range(0, len(audio.body), _PIECE):
            await self.write(audio.body[start : start + _PIECE])
        self._call.audio = True


def _socket_of(transport: asyncio.Transport) -> socket.socket:
    return cast("socket.socket", transport.get_extra_info("socket"))
