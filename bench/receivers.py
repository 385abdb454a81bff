"""The other ends of webhook URLs: they note what they hear, or they take a request and never answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from bench.wire import json_answer, read_request

_THANKS: Final = json_answer({})


class Receivers:
    """One port on several loopback addresses, which to the market are as many receivers."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self.hosts = hosts
        self.hanging: frozenset[str] = frozenset()
        self.heard_at: dict[str, float] = {}
        """When each job was first heard of, by its id, on this process's stopwatch."""
        self._port = 0
        self._news = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()

    def url(self, host: str) -> str:
        """Where ``host`` is told of its jobs."""
        return f"http://{host}:{self._port}/heard"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Answer meanwhile."""
        server = await asyncio.start_server(self._serve, self.hosts[0], 0)
        self._port = server.sockets[0].getsockname()[1]
        others = await asyncio.start_server(self._serve, self.hosts[1:], self._port) if self.hosts[1:] else server
        try:
            yield
        finally:
            server.close()
            others.close()
            for writer in self._open:
                writer.transport.abort()
            while self._open:
                await asyncio.sleep(0)

    async def hear_of(self, jobs: Sequence[str], *, within: float) -> None:
        """Return when every one of ``jobs`` was heard of.  Raises ``TimeoutError``."""
        missing = set(jobs)
        async with asyncio.timeout(within):
            while missing := missing - self.heard_at.keys():
                self._news.clear()
                await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        self._open.add(writer)
        try:
            while True:
                request = await read_request(reader)
                if host in self.hanging:
                    await reader.read()
                    return
                self.heard_at.setdefault(json.loads(request.body)["data"]["id"], time.monotonic())
                self._news.set()
                writer.write(_THANKS)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
            self._open.discard(writer)
