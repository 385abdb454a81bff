"""Each test of the ports runs in memory and on a real database."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.services.router.worlds import MemoryWorld, World, mongo_world


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The ports on one technology."""
    if request.param == "memory":
        yield MemoryWorld()
        return
    url, name = request.getfixturevalue("mongo_url"), request.getfixturevalue("database_name")
    async with mongo_world(url, name, request.param) as opened:
        yield opened
