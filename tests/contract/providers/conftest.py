"""Venice on real sockets, for the tests of its wire."""

from collections.abc import AsyncIterator

import pytest

from shared.egress.session import GuardedSession
from shared.providers.provider import Provider
from shared.providers.registry import open_providers
from shared.runtime.clock import SystemClock
from tests.contract.providers.stages import loopback_session


@pytest.fixture
async def session() -> AsyncIterator[GuardedSession]:
    async with loopback_session() as opened:
        yield opened


@pytest.fixture
def venice(session: GuardedSession) -> Provider:
    return open_providers(session, SystemClock(), allow_private=True)["venice"]
