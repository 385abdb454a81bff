"""One stack with the looks of every day, a short life for jobs, and the successor of the usual driver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e.caller import Caller
from tests.e2e.market import Market
from tests.e2e.provider import Provider
from tests.e2e.stack import Stack, on_servers, running
from tests.servers.servers import Bucket

LIFE_SECONDS = 14


@pytest.fixture(scope="package")
async def stack(
    tmp_path_factory: pytest.TempPathFactory, rabbitmq_url: str, mongo_url: str, object_store: Bucket
) -> AsyncIterator[Stack]:
    servers = on_servers(rabbitmq_url, mongo_url, f"deadlines{uuid4().hex[:8]}", object_store)
    environment = {"JOB_EXPIRY_SECONDS": str(LIFE_SECONDS), "MONGO_DRIVER": "pymongo"}
    async with running(tmp_path_factory.mktemp("stack"), servers, environment) as stack:
        yield stack


@pytest.fixture
async def market(stack: Stack, session: aiohttp.ClientSession) -> AsyncIterator[Market]:
    provider = Provider(Caller(session, stack.at["SIMULATOR_URL"], {}))
    market = Market(session, stack, provider)
    try:
        yield market
    finally:
        await market.close()
