"""The world of a webhooks process, new for each test."""

import pytest

from tests.unit.services.webhooks.world import World


@pytest.fixture
def world() -> World:
    return World()
