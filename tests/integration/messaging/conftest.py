"""A broker that may be killed, and a corner of the one that may not."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.contract.messaging.observed import Observed
from tests.contract.messaging.worlds import World, rabbit_world
from tests.integration.messaging.mortal_broker import ContainerBroker, LocalBroker, MortalBroker
from tests.servers.choice import chosen_kind


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalBroker]:
    broker: MortalBroker
    broker = ContainerBroker() if chosen_kind() == "containers" else LocalBroker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture
async def world(rabbitmq_url: str, namespace: str) -> AsyncIterator[World]:
    async with rabbit_world(namespace, rabbitmq_url) as it:
        yield it


@pytest.fixture
def observed() -> Observed:
    return Observed()
