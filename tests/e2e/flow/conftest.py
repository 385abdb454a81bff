"""One stack for all tests of the flow, with looks that follow each other quickly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e.caller import Caller
from tests.e2e.integrator import Integrator, listening
from tests.e2e.market import Buyer, Market
from tests.e2e.provider import Provider
from tests.e2e.receiver import Receiver, receiving
from tests.e2e.stack import Stack, on_servers, running
from tests.servers.servers import Bucket

QUICK = {"POLL_INITIAL_SECONDS": "0.3", "POLL_CAP_SECONDS": "1", "WEBHOOK_LADDER_SECONDS": "0,0.2,0.2"}
RENDER_SECONDS = 0.2

SECRETS: set[str] = set()
"""Every secret that any test of this folder was given."""


@pytest.fixture(scope="package")
async def stack(
    tmp_path_factory: pytest.TempPathFactory, rabbitmq_url: str, mongo_url: str, object_store: Bucket
) -> AsyncIterator[Stack]:
    servers = on_servers(rabbitmq_url, mongo_url, f"flow{uuid4().hex[:8]}", object_store)
    async with running(tmp_path_factory.mktemp("stack"), servers, QUICK) as stack:
        yield stack


@pytest.fixture(scope="package")
async def provider(stack: Stack, session: aiohttp.ClientSession) -> Provider:
    provider = Provider(Caller(session, stack.at["SIMULATOR_URL"], {}))
    await provider.renders_in(RENDER_SECONDS)
    return provider


@pytest.fixture(scope="package")
async def integrator(stack: Stack) -> AsyncIterator[Integrator]:
    """Somebody who hears everything that is said while these tests run."""
    async with listening(stack.at["AMQP_URL"]) as integrator:
        yield integrator


@pytest.fixture
async def market(
    stack: Stack, session: aiohttp.ClientSession, provider: Provider, integrator: Integrator
) -> AsyncIterator[Market]:
    """A market in which nothing is offered yet, and nothing will be when the test is over."""
    market = Market(session, stack, provider, secrets=SECRETS)
    try:
        yield market
    finally:
        await market.close()
        await provider.behave()


@pytest.fixture
async def buyer(market: Market) -> Buyer:
    return await market.buyer()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
