"""Every test of the suite runs in each world."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.messaging.observed import Observed
from tests.contract.messaging.worlds import World, memory_world, rabbit_world


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.servers)])
async def world(request: pytest.FixtureRequest, namespace: str) -> AsyncIterator[World]:
    """A broker to be alone on."""
    if request.param == "memory":
        made = memory_world(namespace)
    else:
        made = rabbit_world(namespace, request.getfixturevalue("rabbitmq_url"))
    async with made as it:
        yield it


@pytest.fixture
def observed() -> Observed:
    """An observer for the process under test."""
    return Observed()
