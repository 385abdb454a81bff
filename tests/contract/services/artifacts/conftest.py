"""Each test of the ports runs in memory and on the real thing."""

from collections.abc import AsyncIterator

import pytest

from services.artifacts.adapters.memory_objects import MemoryObjects
from services.artifacts.adapters.s3_objects import S3Objects
from services.artifacts.ports import Objects
from shared.kernel.secret import Secret
from shared.runtime.clock import SystemClock
from shared.storage.objects import Store, open_objects
from tests.contract.services.artifacts.worlds import MemoryWorld, World, mongo_world
from tests.servers.servers import Bucket


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The database's ports on one technology."""
    if request.param == "memory":
        yield MemoryWorld()
        return
    url, name = request.getfixturevalue("mongo_url"), request.getfixturevalue("database_name")
    async with mongo_world(url, name, request.param) as opened:
        yield opened


@pytest.fixture(params=["memory", "s3"])
async def objects(request: pytest.FixtureRequest) -> AsyncIterator[Objects]:
    """The object store on one technology."""
    if request.param == "memory":
        yield MemoryObjects(SystemClock())
        return
    bucket: Bucket = request.getfixturevalue("object_store")
    store = Store(bucket.endpoint, bucket.name, bucket.region, bucket.access_key, Secret(bucket.secret_key))
    async with open_objects(store) as opened:
        yield S3Objects(opened, SystemClock())
