"""A workshop, or a stage for whole processes, of each test's own: its database and its provider.

Broker and bucket are shared with other tests; what is said and kept there bears ids of this one.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings
from shared.storage.mongo import open_database
from tests.integration.artifacts.stage import Stage
from tests.integration.artifacts.workshop import Workshop, open_workshop, vault_keys
from tests.integration.simulator.caller import Caller
from tests.kit.ears import listening
from tests.servers.servers import Bucket


@pytest.fixture
async def provider() -> AsyncIterator[Caller]:
    async with (
        serving(Settings(port=0, render_seconds=0)) as address,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
    ):
        yield Caller(session, address)


@pytest.fixture
async def workshop(
    mongo_url: str, database_name: str, object_store: Bucket, provider: Caller
) -> AsyncIterator[Workshop]:
    async with open_workshop(mongo_url, database_name, object_store, provider) as opened:
        yield opened


@pytest.fixture
def environment(mongo_url: str, database_name: str, object_store: Bucket, rabbitmq_url: str) -> dict[str, str]:
    """What a process is told."""
    return {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": database_name,
        "AMQP_URL": rabbitmq_url,
        "S3_ENDPOINT_URL": object_store.endpoint,
        "S3_BUCKET": object_store.name,
        "S3_REGION": object_store.region,
        "AWS_ACCESS_KEY_ID": object_store.access_key,
        "AWS_SECRET_ACCESS_KEY": object_store.secret_key,
        "VAULT_KEYS": vault_keys(),
        "ALLOW_PRIVATE_NETWORKS": "1",
    }


@pytest.fixture
async def stage(environment: dict[str, str], provider: Caller, tmp_path: Path) -> AsyncIterator[Stage]:
    async with (
        open_database(environment["MONGO_URL"], environment["MONGO_DATABASE"]) as database,
        listening(environment["AMQP_URL"], "*.artifact.*") as ears,
    ):
        yield Stage(environment, database, provider, ears, tmp_path)
