"""A simulator of one's own for every test, on a free port, whose jobs are done as soon as they are rendered."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings
from tests.integration.simulator.caller import Caller


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with (
        serving(Settings(port=0, render_seconds=0)) as address,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
    ):
        yield Caller(session, address)
