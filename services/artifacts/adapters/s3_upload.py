"""One object on its way into S3: small ones in one put, larger ones part by part, one part in memory."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from services.artifacts.adapters.s3_trouble import s3_trouble, told
from shared.kernel.errors import Transient
from shared.storage.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Sequence

PART: Final = 5 * 1024 * 1024
"""The least that S3 takes for a part that is not the last; 200 MiB are 40 of them."""
_ABORT_WITHIN: Final = 10.0
TAKEN_WITHIN: Final = 75.0
"""Seconds for a part or an object: longer than both tries of the client.  Its own limit on silence begins only
once a body is sent, and a body is not sent before the store has said that it may be."""


class S3Upload:
    """See :class:`services.artifacts.ports.Upload`.  Left without ``complete`` it must be given up.

    ``within`` is how many seconds the store has for each part, and for completing.
    """

    def __init__(self, objects: Objects, key: str, content_type: str, within: float = TAKEN_WITHIN) -> None:
        self._client = objects.client
        self._where: dict[str, Any] = {"Bucket": objects.bucket, "Key": key}
        self._content_type = content_type
        self._within = within
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._written = 0
        self._upload_id: str | None = None
        self._tags: list[str] = []
        self.completed = False

    async def write(self, piece: bytes) -> None:
        self._waiting.append(piece)
        self._waiting_bytes += len(piece)
        self._written += len(piece)
        if self._waiting_bytes >= PART:
            await self._send_part()

    async def complete(self) -> None:
        with s3_trouble("completing an object"):
            async with asyncio.timeout(self._within):
                stored = await self._stored()
        if stored != self._written:
            raise Transient(f"the object store has {stored} bytes of {self._written}")
        self.completed = True

    async def _stored(self) -> int:
        """Make the object, and return the bytes that the store then has of it."""
        if self._upload_id is None:
            await self._client.put_object(**self._where, Body=self._taken(), ContentType=self._content_type)
        else:
            await self._complete_parts()
        return int(told(await self._client.head_object(**self._where), "ContentLength"))

    async def give_up(self) -> None:
        """Leave nothing behind; what cannot be ended now is ended by the sweep of old uploads."""
        if self._upload_id is None or self.completed:
            return
        with suppress(Transient, TimeoutError):
            async with asyncio.timeout(_ABORT_WITHIN):
                with s3_trouble("ending an upload"):
                    await self._client.abort_multipart_upload(**self._where, UploadId=self._upload_id)

    async def _complete_parts(self) -> None:
        if self._waiting:
            await self._send_part()
        parts: Sequence[Any] = [{"ETag": tag, "PartNumber": number} for number, tag in enumerate(self._tags, start=1)]
        await self._client.complete_multipart_upload(
            **self._where, UploadId=self._upload_id or "", MultipartUpload={"Parts": parts}
        )

    async def _send_part(self) -> None:
        with s3_trouble("a part"):
            async with asyncio.timeout(self._within):
                upload_id = await self._begun()
                part = await self._client.upload_part(
                    **self._where, UploadId=upload_id, PartNumber=len(self._tags) + 1, Body=self._taken()
                )
        self._tags.append(told(part, "ETag"))

    async def _begun(self) -> str:
        if self._upload_id is None:
            begun = await self._client.create_multipart_upload(**self._where, ContentType=self._content_type)
            self._upload_id = told(begun, "UploadId")
        return self._upload_id

    def _taken(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        return taken
