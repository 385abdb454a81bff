"""An S3 client, opened once a process, and the URLs it can sign."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import aioboto3
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.utils import is_valid_endpoint_url, is_valid_ipv6_endpoint_url

from shared.kernel.secret import Secret

if TYPE_CHECKING:
    from types_aiobotocore_s3.client import S3Client
else:
    S3Client = object

__all__ = [
    "BotoCoreError",
    "ClientError",
    "HTTPClientError",
    "Objects",
    "S3Client",
    "Store",
    "is_endpoint",
    "open_objects",
]

Client: TypeAlias = "S3Client"

_CONFIG: Final = AioConfig(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=64,
    retries={"total_max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@dataclass(frozen=True, slots=True)
class Store:
    """Where the objects are.  An empty ``endpoint_url`` is AWS itself."""

    endpoint_url: str
    bucket: str
    region: str
    access_key_id: str
    secret_access_key: Secret


@dataclass(frozen=True, slots=True)
class Objects:
    """One bucket behind one client."""

    client: Client
    bucket: str

    async def presigned_url(self, key: str, *, good_for: timedelta, content_type: str, filename: str) -> str:
        """A URL at which anyone can read the object ``key`` for that long, saved as ``filename``.

        A page's ``<audio>`` plays it all the same.  ``filename`` must be plain ASCII without quotes.  Nothing is
        asked of the server.
        """
        url: str = await self.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "ResponseContentType": content_type,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
            },
            ExpiresIn=int(good_for.total_seconds()),
        )
        return url


def is_endpoint(url: str) -> bool:
    """Whether a client takes it for the address of a store."""
    return bool(is_valid_endpoint_url(url) or is_valid_ipv6_endpoint_url(url))


@asynccontextmanager
async def open_objects(store: Store) -> AsyncIterator[Objects]:
    """Open a client in the running loop; it is closed at the end."""
    session = aioboto3.Session(
        aws_access_key_id=store.access_key_id,
        aws_secret_access_key=store.secret_access_key.reveal(),
        region_name=store.region,
    )
    async with session.client("s3", endpoint_url=store.endpoint_url or None, config=_CONFIG) as client:
        yield Objects(client, store.bucket)
