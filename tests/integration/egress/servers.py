"""Servers on loopback that behave as told, and remember what reached them."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Behaviour = Callable[["Server", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Server:
    """A listening server: its port, its connections, and each request's bytes as they came."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    async def request(self, reader: Reader) -> bytes:
        """Read one request, head and body, and keep it, or as much of it as came."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            whole = head + await reader.readexactly(_content_length(head))
        except asyncio.IncompleteReadError as broken:
            if broken.partial:
                self.requests.append(broken.partial)
            raise
        self.requests.append(whole)
        return whole


def _content_length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)


@asynccontextmanager
async def serving(
    behave: Behaviour,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Server]:
    """Run a server for the length of a block.  With ``tls`` it sees only the connections that shook hands."""
    server = Server()
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: Reader, writer: Writer) -> None:
        server.connections += 1
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await behave(server, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, as it may, or the block ended
        finally:
            running.discard(task)
            writer.close()

    listener = await asyncio.start_server(serve, host, port, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def answering(raw: bytes) -> Behaviour:
    """Answer each request of a connection with ``raw``."""

    async def behave(server: Server, reader: Reader, writer: Writer) -> None:
        while True:
            await server.request(reader)
            writer.write(raw)
            await writer.drain()

    return behave


def answering_once(raw: bytes) -> Behaviour:
    """Answer the first request with ``raw`` and hang up."""

    async def behave(server: Server, reader: Reader, writer: Writer) -> None:
        await server.request(reader)
        writer.write(raw)
        await writer.drain()

    return behave


async def silent(server: Server, reader: Reader, writer: Writer) -> None:
    """Read a request and never answer."""
    await server.request(reader)
    await asyncio.Event().wait()


async def deaf(server: Server, reader: Reader, writer: Writer) -> None:
    """Take the connection and do nothing with it, not even TLS."""
    await asyncio.Event().wait()


async def resetting(server: Server, reader: Reader, writer: Writer) -> None:
    """Read a request, then reset the connection."""
    await server.request(reader)
    reset(writer)


async def resetting_at_once(server: Server, reader: Reader, writer: Writer) -> None:
    """Reset the connection at its first byte, in the middle of a TLS handshake."""
    await reader.read(1)
    reset(writer)


def reset(writer: Writer) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
