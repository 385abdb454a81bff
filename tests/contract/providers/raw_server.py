"""A loopback server that says exactly the bytes it was given, then ends the connection in the way it was told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from shared.kernel.secret import Secret
from shared.providers.provider import Access


class Ending(Enum):
    """How a connection ends once everything was said."""

    CLOSE = auto()
    RESET = auto()
    NEVER = auto()


@dataclass
class Heard:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: Any


@dataclass
class RawServer:
    """Says ``says`` to every request."""

    says: bytes
    ending: Ending = Ending.CLOSE
    base_url: str = ""
    heard: list[Heard] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has closed its connection."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heard.append(await _request(reader))
            writer.write(self.says)
            await writer.drain()
            if self.ending is Ending.NEVER:
                await reader.read()
                self.hung_up.set()
        except ConnectionError:
            self.hung_up.set()
        finally:
            if self.ending is Ending.RESET:
                writer.transport.abort()
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (item.split(":", 1) for item in rest)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(line, headers, json.loads(body) if body else None)


def http(status: int, body: bytes | str, *headers: str, content_type: str = "application/json") -> bytes:
    """One answer with its length."""
    data = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status} Said", f"Content-Type: {content_type}", f"Content-Length: {len(data)}"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + data


@asynccontextmanager
async def raw_server(says: bytes, ending: Ending = Ending.CLOSE) -> AsyncIterator[RawServer]:
    """Listen until the block is left."""
    server = RawServer(says, ending)
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.base_url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api/v1"
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()


def access(server: RawServer, key: str = "sk-canary") -> Access:
    """What reaches ``server`` with that key."""
    return Access(server.base_url, Secret(key))
