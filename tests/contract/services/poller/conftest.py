"""Each test of the records runs in memory and on a real database, there with each of the two drivers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.storage.mongo import open_database
from tests.contract.services.poller.worlds import MemoryWorld, MongoWorld, World


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The records on one technology."""
    if request.param == "memory":
        yield MemoryWorld()
        return
    url, name = request.getfixturevalue("mongo_url"), request.getfixturevalue("database_name")
    async with open_database(url, name, request.param) as database:
        yield MongoWorld(database)
