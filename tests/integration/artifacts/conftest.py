"""A workshop of each test's own: its database, its provider; the bucket is shared, its keys are not."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings
from tests.integration.artifacts.workshop import Workshop, open_workshop
from tests.integration.simulator.caller import Caller
from tests.servers.servers import Bucket


@pytest.fixture
async def provider() -> AsyncIterator[Caller]:
    async with (
        serving(Settings(port=0, render_seconds=0)) as address,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
    ):
        yield Caller(session, address)


@pytest.fixture
async def workshop(
    mongo_url: str, database_name: str, object_store: Bucket, provider: Caller
) -> AsyncIterator[Workshop]:
    async with open_workshop(mongo_url, database_name, object_store, provider) as opened:
        yield opened
