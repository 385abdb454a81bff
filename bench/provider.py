"""A provider of which nothing is asked but speed: ``python -m bench.provider PORT BYTES``.

It quotes, takes every job, and answers each look at once: with audio of so many bytes, or, when there
are none, that it is still at work.  ``GET /looks`` says how many looks there were.
"""

from __future__ import annotations

import asyncio
import struct
import sys
from typing import Any, Final

from bench.wire import json_answer, read_request

PIECE: Final = 256 * 1024
LOOKED_AT: Final = json_answer({"status": "PROCESSING", "average_execution_time": 20_000, "execution_duration": 1_000})
# A format in which few seconds are many bytes: eight channels of 32 bits, 192,000 times a second.
CHANNELS: Final = 8
BITS: Final = 32
RATE: Final = 192_000
BYTES_A_SECOND: Final = CHANNELS * BITS // 8 * RATE


def seconds_of(body_bytes: int) -> int:
    """The whole seconds of audio that fit into so many bytes."""
    return body_bytes // BYTES_A_SECOND


class Provider:
    """Answers whatever comes on one port."""

    def __init__(self, body_bytes: int) -> None:
        self._audio_bytes = seconds_of(body_bytes) * BYTES_A_SECOND
        self._looks = 0
        self._taken = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until its other end goes."""
        try:
            while True:
                await self._answer((await read_request(reader)).path, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        if not path.endswith("/retrieve"):
            writer.write(json_answer(self._said_to(path)))
        elif self._audio_bytes:
            await _send_audio(self._audio_bytes, writer)
        else:
            self._looks += 1
            writer.write(LOOKED_AT)
        await writer.drain()

    def _said_to(self, path: str) -> dict[str, Any]:
        if path.endswith("/quote"):
            return {"quote": 0.03}
        if path.endswith("/queue"):
            self._taken += 1
            return {"model": "any", "queue_id": f"job-{self._taken}", "status": "QUEUED"}
        return {"looks": self._looks} if path == "/looks" else {"success": True}


async def _send_audio(audio_bytes: int, writer: asyncio.StreamWriter) -> None:
    head = (b"RIFF", audio_bytes + 36, b"WAVE", b"fmt ", 16)
    form = (1, CHANNELS, RATE, BYTES_A_SECOND, CHANNELS * BITS // 8, BITS)
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: %d\r\n\r\n" % (audio_bytes + 44)
        + struct.pack("<4sI4s4sIHHIIHH4sI", *head, *form, b"data", audio_bytes)
    )
    piece = memoryview(bytes(range(256)) * (PIECE // 256))
    for start in range(0, audio_bytes, PIECE):
        writer.write(piece[: audio_bytes - start])
        await writer.drain()


async def _main(port: int, body_bytes: int) -> None:
    server = await asyncio.start_server(Provider(body_bytes).serve, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
