"""What the tests of telling buyers share."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.webhooks.office import IMPATIENT, Office, open_office


@pytest.fixture
async def office(mongo_url: str, database_name: str) -> AsyncIterator[Office]:
    """An office with a short ladder."""
    async with open_office(mongo_url, database_name) as opened:
        yield opened


@pytest.fixture
async def impatient(mongo_url: str, database_name: str) -> AsyncIterator[Office]:
    """An office with a short ladder that waits a second for an answer."""
    async with open_office(mongo_url, database_name, timeouts=IMPATIENT) as opened:
        yield opened
