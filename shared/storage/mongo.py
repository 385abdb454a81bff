"""MongoDB through motor or PyMongo's own asyncio API: only calls that read the same in both are used.

Every read is at majority and every write is acknowledged by a majority and journaled, whatever the URL
says.  Instants come back in UTC, cut to milliseconds.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias, cast
from urllib.parse import urlsplit

from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from bson.int64 import Int64
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import ASCENDING, DESCENDING, AsyncMongoClient, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.uri_parser import parse_uri
from pymongo.write_concern import WriteConcern

from shared.kernel.errors import Transient

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "UNAVAILABLE",
    "Collection",
    "Database",
    "DuplicateKeyError",
    "IndexModel",
    "PyMongoError",
    "ReturnDocument",
    "Session",
    "aggregated",
    "int64",
    "is_mongo_url",
    "open_database",
    "open_snapshot",
    "server_time",
]

Database: TypeAlias = AsyncDatabase[dict[str, Any]]
Collection: TypeAlias = AsyncCollection[dict[str, Any]]
Session: TypeAlias = AsyncClientSession
Driver: TypeAlias = Literal["motor", "pymongo"]

UNAVAILABLE: Final = (ConnectionFailure, ExecutionTimeout, NetworkTimeout, WriteConcernError, WTimeoutError)
"""The database did not answer in time.  A write that raised one of these may still have happened."""

_SNAPSHOT_GONE: Final = (239, 246)
"""SnapshotTooOld, SnapshotUnavailable."""

_OPTIONS: Final[dict[str, Any]] = {
    "appname": "busker",
    "tz_aware": True,
    "retryWrites": True,
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 20_000,
    "uuidRepresentation": "standard",
}


class _PlainInt(TypeDecoder):
    """Read 64-bit integers as ``int``: the driver's own subclass of it is no amount of money."""

    bson_type = Int64

    def transform_bson(self, value: Int64) -> int:
        return int(value)


def int64(value: int) -> int:
    """The number as a document keeps it in 64 bits, however small it is: the driver would choose 32."""
    return Int64(value)


_CODEC: Final = CodecOptions[dict[str, Any]](tz_aware=True, type_registry=TypeRegistry([_PlainInt()]))


def is_mongo_url(url: str) -> bool:
    """Whether a client can be made of it, options included.

    Of ``mongodb+srv`` only that it names a host: the rest stands in the DNS, which is not asked.
    """
    try:
        if url.startswith("mongodb+srv://"):
            return bool(urlsplit(url).hostname)
        parse_uri(url, warn=False)
    except (PyMongoError, ValueError):
        return False
    return True


@asynccontextmanager
async def open_database(url: str, name: str, driver: Driver = "motor") -> AsyncIterator[Database]:
    """Open a client in the running loop and give the database ``name``; the client is closed at the end."""
    client: Any = AsyncIOMotorClient(url, **_OPTIONS) if driver == "motor" else AsyncMongoClient(url, **_OPTIONS)
    try:
        database = client.get_database(
            name,
            codec_options=_CODEC,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority", j=True),
        )
        yield cast(Database, database)
    finally:
        closed = client.close()
        if inspect.isawaitable(closed):
            await closed


async def server_time(database: Database, within: timedelta) -> datetime | None:
    """The instant by the primary's clock, or None when no primary answers ``within`` that time."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            answer = await database.command("hello", codec_options=_CODEC)
    except (PyMongoError, TimeoutError):
        return None
    instant: datetime = answer["localTime"]
    return instant if answer["isWritablePrimary"] else None


@asynccontextmanager
async def open_snapshot(database: Database) -> AsyncIterator[Session]:
    """A session whose reads all see the database as it was at one instant; good for some minutes.

    Raises ``Transient`` when that instant can be read no more, because it is too long ago or
    collections were made or indexed since.
    """
    begun: Any = database.client.start_session(snapshot=True)
    session: Session = await begun if inspect.isawaitable(begun) else begun
    async with session:
        try:
            yield session
        except OperationFailure as error:
            if error.code in _SNAPSHOT_GONE:
                raise Transient("the snapshot cannot be read any more; take another") from error
            raise


async def aggregated(
    collection: Collection, pipeline: Sequence[dict[str, Any]], session: Session | None = None
) -> list[dict[str, Any]]:
    """Everything a pipeline yields.  Only for pipelines whose result is known to be small."""
    cursor: Any = collection.aggregate(pipeline, session=session)
    if inspect.isawaitable(cursor):
        cursor = await cursor
    return cast(list[dict[str, Any]], await cursor.to_list(None))
