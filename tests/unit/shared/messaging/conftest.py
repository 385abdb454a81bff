"""A broker in memory and an observer of its own for each test."""

import pytest

from shared.messaging.memory.broker import MemoryBroker
from tests.contract.messaging.observed import Observed
from tests.kit.clocks import HeldClock


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker(HeldClock())


@pytest.fixture
def observed() -> Observed:
    return Observed()
