"""The world of a router, new for each test."""

import pytest

from tests.unit.services.router.world import World


@pytest.fixture
def world() -> World:
    return World()
