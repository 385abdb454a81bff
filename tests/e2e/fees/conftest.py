"""One stack whose market takes 2.5 %."""

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

FEE = {"MARKETPLACE_FEE_BPS": "250", "POLL_INITIAL_SECONDS": "0.3", "POLL_CAP_SECONDS": "1"}


@pytest.fixture(scope="package")
async def stack(
    tmp_path_factory: pytest.TempPathFactory, rabbitmq_url: str, mongo_url: str, object_store: Bucket
) -> AsyncIterator[Stack]:
    servers = on_servers(rabbitmq_url, mongo_url, f"fees{uuid4().hex[:8]}", object_store)
    async with running(tmp_path_factory.mktemp("stack"), servers, FEE) as stack:
        yield stack


@pytest.fixture
async def market(stack: Stack, session: aiohttp.ClientSession) -> AsyncIterator[Market]:
    provider = Provider(Caller(session, stack.at["SIMULATOR_URL"], {}))
    await provider.renders_in(0.2)
    market = Market(session, stack, provider)
    try:
        yield market
    finally:
        await market.close()
        await provider.behave()
