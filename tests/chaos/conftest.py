"""One large stack on a broker of its own, for all tests that kill."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from tests.chaos.wave import Sea
from tests.e2e.caller import Caller, connections
from tests.e2e.market import Market
from tests.e2e.provider import Provider
from tests.e2e.receiver import receiving
from tests.e2e.stack import on_servers, running
from tests.integration.messaging.mortal_broker import ContainerBroker, LocalBroker, MortalBroker
from tests.servers.choice import chosen_kind
from tests.servers.servers import Bucket

ENVIRONMENT = {
    "REPLICAS": "router=2 poller=3 api=2 artifacts=2 webhooks=2",
    "POLL_INITIAL_SECONDS": "1",
    "POLL_CAP_SECONDS": "2",
    "WEBHOOK_LADDER_SECONDS": "0,1,2,5,5,5",
}


@pytest.fixture(scope="package")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalBroker]:
    broker: MortalBroker
    broker = ContainerBroker() if chosen_kind() == "containers" else LocalBroker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture(scope="package")
async def sea(
    tmp_path_factory: pytest.TempPathFactory, broker: MortalBroker, mongo_url: str, object_store: Bucket
) -> AsyncIterator[Sea]:
    """A market with three sellers at nearly the same price, and somebody who is told of every ending."""
    servers = on_servers(broker.url, mongo_url, f"chaos{uuid4().hex[:8]}", object_store)
    async with (
        connections() as session,
        receiving() as receiver,
        running(tmp_path_factory.mktemp("stack"), servers, ENVIRONMENT) as stack,
    ):
        market = Market(session, stack, Provider(Caller(session, stack.at["SIMULATOR_URL"], {})))
        sea = Sea(market, receiver)
        await sea.open()
        yield sea
