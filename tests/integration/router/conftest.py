"""A stage of each test's own: its database and its provider; the broker is shared with other tests."""

import base64
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pymongo import AsyncMongoClient

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings
from shared.contracts.facts import EXCHANGE
from shared.messaging.rabbit.bus import RabbitBus
from shared.messaging.topology import Broadcast, Exchange
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock
from tests.integration.router.stage import Stage
from tests.integration.simulator.caller import Caller


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
    bus = RabbitBus(rabbitmq_url, Exchange(EXCHANGE))
    client: AsyncMongoClient[dict[str, Any]]
    async with (
        AsyncMongoClient(mongo_url, tz_aware=True) as client,
        serving(Settings(port=0, render_seconds=0)) as address,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
    ):
        announcer = Announcer(bus.publisher, SystemClock())
        made = Stage(environment, client[database_name], Caller(session, address), announcer, tmp_path)
        bus.subscribe(Broadcast(("#",)), made.hear)
        await bus.start()
        try:
            yield made
        finally:
            await bus.stop(timedelta(seconds=5))
