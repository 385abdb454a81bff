"""A real webhooks process among real servers, and ears on the broker."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp

from deploy.local.ports import free_port
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.adapters.mongo_webhook_secrets import MongoWebhookSecrets
from shared.contracts.envelope import disclose
from shared.contracts.event import Event
from shared.contracts.facts import EXCHANGE
from shared.contracts.records import delivery, job, webhook_secret
from shared.contracts.records.delivery import DeliveryRecord, read_delivery
from shared.kernel.ids import new_id
from shared.messaging.message import Message, Received
from shared.messaging.rabbit.bus import RabbitBus
from shared.messaging.topology import Broadcast, Exchange
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock
from shared.storage.mongo import Database, open_database
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault
from tests.e2e.waiting import eventually

REPOSITORY = Path(__file__).parents[3]
KEYS = f"vault:{base64.b64encode(bytes(32)).decode()}"


@dataclass
class Surroundings:
    """What a process of webhooks lives among."""

    environment: dict[str, str]
    database: Database
    announcer: Announcer
    folder: Path
    heard: list[Event] = field(default_factory=list)

    @property
    def jobs(self) -> MongoJobs:
        """Jobs as api writes them."""
        return MongoJobs(self.database[job.COLLECTION])

    @property
    def secrets(self) -> MongoWebhookSecrets:
        """Webhook secrets as api makes them."""
        vault = Vault(parse_vault_keys(KEYS))
        return MongoWebhookSecrets(self.database[webhook_secret.COLLECTION], vault, os.urandom)

    async def hear(self, received: Received) -> list[Message]:
        """Keep what anybody says."""
        self.heard.append(disclose(received.body).event)
        return []

    async def record(self, delivery_id: str) -> DeliveryRecord | None:
        document = await self.database[delivery.COLLECTION].find_one({"_id": delivery_id})
        return None if document is None else read_delivery(document)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """One process, ready to hear, ended by SIGTERM with the block if it still runs."""
        admin, log = free_port(), self.folder / f"{new_id()}.log"
        with log.open("wb") as output:
            running = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.webhooks",
                env=self.environment | {"WEBHOOKS_ADMIN_BIND": f"127.0.0.1:{admin}", "PATH": os.environ["PATH"]},
                cwd=REPOSITORY,
                stdout=output,
                stderr=output,
            )
        try:
            await eventually(lambda: _ready(f"http://127.0.0.1:{admin}/readyz"), within=40)
            yield running
        finally:
            if running.returncode is None:
                running.terminate()
            async with asyncio.timeout(30):
                await running.wait()


async def _ready(url: str) -> bool:
    try:
        async with aiohttp.request("GET", url) as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


@asynccontextmanager
async def surroundings(
    mongo_url: str, rabbitmq_url: str, database_name: str, folder: Path
) -> AsyncIterator[Surroundings]:
    """Everything but the process."""
    environment = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": database_name,
        "AMQP_URL": rabbitmq_url,
        "VAULT_KEYS": KEYS,
        "ALLOW_PRIVATE_NETWORKS": "1",
        "API_PUBLIC_URL": "https://api.example",
        "S3_ENDPOINT_URL": "http://objects.example",
        "S3_BUCKET": "media",
        "AWS_ACCESS_KEY_ID": "access",
        "AWS_SECRET_ACCESS_KEY": "unused",
        "WEBHOOK_LADDER_SECONDS": "0,0.2,0.2",
    }
    bus = RabbitBus(rabbitmq_url, Exchange(EXCHANGE))
    async with open_database(mongo_url, database_name) as database:
        made = Surroundings(environment, database, Announcer(bus.publisher, SystemClock()), folder)
        await made.jobs.ensure_indexes()
        bus.subscribe(Broadcast(("delivery.*",)), made.hear)
        await bus.start()
        try:
            yield made
        finally:
            await bus.stop(timedelta(seconds=5))
