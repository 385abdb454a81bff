"""The bucket that keeps the audio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from services.artifacts.adapters.s3_trouble import s3_trouble, told
from services.artifacts.adapters.s3_upload import S3Upload
from shared.kernel.clock import Clock
from shared.storage.objects import ClientError, Objects

NONE: Final = "NoSuchUpload"


class S3Objects:
    """See :class:`services.artifacts.ports.Objects`."""

    def __init__(self, objects: Objects, clock: Clock) -> None:
        self._objects = objects
        self._client = objects.client
        self._clock = clock

    @asynccontextmanager
    async def writing(self, key: str, content_type: str) -> AsyncIterator[S3Upload]:
        upload = S3Upload(self._objects, key, content_type)
        try:
            yield upload
        finally:
            await asyncio.shield(upload.give_up())

    async def length(self, key: str) -> int | None:
        with s3_trouble("looking at an object"):
            try:
                head = await self._client.head_object(Bucket=self._objects.bucket, Key=key)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                    return None
                raise
        return int(told(head, "ContentLength"))

    async def remove(self, prefix: str) -> None:
        with s3_trouble("removing objects"):
            found = await self._client.list_objects_v2(Bucket=self._objects.bucket, Prefix=prefix)
            told(found, "Name")  # else it is not a list at all, and nothing in it means nothing
            for item in found.get("Contents", ()):
                await self._client.delete_object(Bucket=self._objects.bucket, Key=item["Key"])

    async def abort_uploads(self, prefix: str, *, older_than: timedelta) -> int:
        begun_before = self._clock.now() - older_than
        with s3_trouble("ending old uploads"):
            dead = [upload for upload in await self._uploads(prefix) if upload["Initiated"] < begun_before]
            return sum([await self._abort(upload) for upload in dead])

    async def _abort(self, upload: Any) -> bool:
        """Whether it was there to be ended: its writer, or another sweep, may have been quicker."""
        try:
            await self._client.abort_multipart_upload(
                Bucket=self._objects.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == NONE:
                return False
            raise
        return True

    async def _uploads(self, prefix: str) -> list[Any]:
        pages = self._client.get_paginator("list_multipart_uploads")
        try:
            return [
                upload
                async for page in pages.paginate(Bucket=self._objects.bucket, Prefix=prefix)
                for upload in page.get("Uploads", ())
            ]
        except ClientError as error:
            if error.response["Error"]["Code"] == NONE:  # how rclone says that there is none
                return []
            raise
