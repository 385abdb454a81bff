"""An HTTP client with one key, or with none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.kit.http import Answer, as_body


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls one server; ``headers`` go with every call."""

    session: aiohttp.ClientSession
    address: str
    headers: Mapping[str, str]

    async def call(
        self, method: str, path: str, document: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a document as JSON; bytes are sent as they are.  A whole URL goes where it says."""
        sent = {**self.headers, **(headers or {})}
        body = None if document is None else as_body(document)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        url = path if path.startswith("http") else self.address + path
        async with self.session.request(method, url, data=body, headers=sent, allow_redirects=False) as response:
            return await Answer.of(response)

    async def get(self, path: str) -> Any:
        """The JSON of a path that must answer 200."""
        return await self._good("GET", path, None, 200)

    async def post(self, path: str, document: object, *, status: int = 200) -> Any:
        """The JSON answered to a document, with that status."""
        return await self._good("POST", path, document, status)

    async def follow(self, path: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """The server-sent events of a path, each with its name, until the server ends the stream."""
        async with self.session.get(self.address + path, headers=self.headers) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == "text/event-stream"
            name = ""
            async for line in response.content:
                text = line.decode().rstrip("\n")
                if text.startswith("event: "):
                    name = text.removeprefix("event: ")
                elif text.startswith("data: "):
                    yield name, json.loads(text.removeprefix("data: "))

    async def _good(self, method: str, path: str, document: object, status: int) -> Any:
        answer = await self.call(method, path, document)
        assert answer.status == status, f"{method} {path} answered {answer.status}: {answer.body[:2000]!r}"
        return answer.json


@asynccontextmanager
async def connections() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections without a limit on how many wait at once, each call for a minute and a half at most."""
    timeout = aiohttp.ClientTimeout(total=90)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session
