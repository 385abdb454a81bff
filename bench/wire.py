"""As much of HTTP as a fast other end needs: requests read whole, answers written from bytes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request that has arrived."""

    path: str
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The next request of a connection.  Raises ``IncompleteReadError`` when the other end has gone."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
    return Request(head.split(b" ", 2)[1].decode(), await reader.readexactly(length))


def json_answer(body: dict[str, Any]) -> bytes:
    """A 200 with a JSON body, after which the connection stays open."""
    text = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(text), text)
