"""Somebody who calls api over HTTP, and what they were answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from tests.integration.api.described import check
from tests.kit.http import Answer, bearer

ORDER = {"model": "venice-ace-step-15", "prompt": "a quiet tune for a rainy afternoon", "duration_seconds": 60}
JOBS = "/v1/music/generations"


class Reply(Answer):
    """A whole answer; what it says went wrong is as the contract says."""

    @property
    def error(self) -> dict[str, Any]:
        """The envelope's content; it holds exactly what the contract says."""
        assert list(self.json) == ["error"]
        error: dict[str, Any] = self.json["error"]
        assert list(error) == ["message", "type", "param", "code"]
        return error

    @property
    def code(self) -> str:
        return str(self.error["code"])


@dataclass(frozen=True)
class Caller:
    """Calls with one key, or with none."""

    session: aiohttp.ClientSession
    url: str
    key: str | None = field(default=None, repr=False)
    account_id: str = ""
    described: bool = True
    """Whether the document speaks of what is called."""

    def with_key(self, key: str | None, account_id: str = "") -> Caller:
        return replace(self, key=key, account_id=account_id)

    def open(self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> Any:
        """The request itself, for tests that read the answer in their own way."""
        sent = bearer(self.key) | dict(headers or {})
        return self.session.request(method, self.url + path, headers=sent, **options)

    async def call(self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> Reply:
        """The whole answer, which is as it is described."""
        async with self.open(method, path, headers, **options) as answer:
            reply = await Reply.of(answer)
        if self.described:
            check(method, path, reply.status, reply.headers, reply.body)
        return reply

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.call("GET", path, headers)

    async def post(self, path: str, body: object, **headers: str) -> Reply:
        return await self.call("POST", path, headers, json=body)

    async def order(self, path: str = JOBS, headers: Mapping[str, str] | None = None, **fields: object) -> Reply:
        """An order of an ordinary minute of music, but for ``fields``."""
        return await self.call("POST", path, headers, json=ORDER | fields)
