"""Stored audio in S3, read as it streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp

from services.api.domain.artifact import ArtifactExpired
from shared.kernel.errors import Transient
from shared.storage.objects import BotoCoreError, ClientError, HTTPClientError, Objects

CHUNK: Final = 64 * 1024
_MISSING: Final = frozenset({"NoSuchKey", "NotFound", "404"})
_BROKEN: Final = (BotoCoreError, HTTPClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)


class S3Media:
    """See :class:`services.api.ports.Media`."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    @asynccontextmanager
    async def reading(self, key: str, first: int, last: int) -> AsyncIterator[AsyncIterator[bytes]]:
        answer = await self._open(key, f"bytes={first}-{last}")
        body = answer["Body"]
        async with body:
            # Some stores answer a range with 200 instead of 206, and some do not know ranges at all.
            if first and not answer.get("ContentRange", "").startswith(f"bytes {first}-"):
                raise Transient("the object store answered with other bytes than were asked for")
            yield _pieces(body, last - first + 1)

    async def _open(self, key: str, wanted: str) -> Any:
        try:
            return await self._objects.client.get_object(Bucket=self._objects.bucket, Key=key, Range=wanted)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                raise ArtifactExpired from None
            raise Transient("the object store refused to read") from error
        except _BROKEN as error:
            raise Transient("the object store did not answer") from error


async def _pieces(body: Any, length: int) -> AsyncIterator[bytes]:
    """Exactly ``length`` bytes, or ``Transient``."""
    left = length
    while left:
        try:
            piece = await body.read(min(CHUNK, left))
        except _BROKEN as error:
            raise Transient("the object broke off") from error
        if not piece:
            raise Transient("the object is shorter than it was")
        left -= len(piece)
        yield piece
