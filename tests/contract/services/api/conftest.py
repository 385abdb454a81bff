"""Every port of api in memory, and on a real database with each of the two drivers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.storage.mongo import Database, open_database


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database | None]:
    """A database of this test's own, or None for the version in memory."""
    if request.param == "memory":
        yield None
        return
    url = request.getfixturevalue("mongo_url")
    name = request.getfixturevalue("database_name")
    async with open_database(url, name, request.param) as opened:
        yield opened
