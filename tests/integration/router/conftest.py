"""A stage of each test's own: its database and its provider; the broker is shared with other tests."""

import base64
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pymongo import AsyncMongoClient

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings
from tests.integration.router.stage import Stage
from tests.integration.simulator.caller import Caller
from tests.kit.ears import listening


@pytest.fixture
async def stage(mongo_url: str, rabbitmq_url: str, database_name: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Everything but the routers."""
    environment = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": database_name,
        "AMQP_URL": rabbitmq_url,
        "VAULT_KEYS": f"vault:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "ALLOW_PRIVATE_NETWORKS": "1",
    }
    client: AsyncMongoClient[dict[str, Any]]
    async with (
        AsyncMongoClient(mongo_url, tz_aware=True) as client,
        serving(Settings(port=0, render_seconds=0)) as address,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
        listening(rabbitmq_url, "#") as ears,
    ):
        yield Stage(environment, client[database_name], Caller(session, address), ears, tmp_path)
