"""What every caller over HTTP has in common: a whole answer, and the header by which a key speaks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import aiohttp


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    async def of(cls, response: aiohttp.ClientResponse) -> Self:
        """All of it, read to its end."""
        return cls(response.status, response.headers.copy(), await response.read())

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """What the answer says went wrong."""
        error: dict[str, Any] = self.json["error"]
        return error


def bearer(key: str | None) -> dict[str, str]:
    """The header of a key; none without one."""
    return {} if key is None else {"Authorization": f"Bearer {key}"}


def as_body(document: object) -> bytes:
    """A document as JSON; bytes are sent as they are."""
    return document if isinstance(document, bytes) else json.dumps(document).encode()
