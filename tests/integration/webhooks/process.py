"""A real webhooks process among real servers, and ears on the broker."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.api.adapters.mongo_jobs import MongoJobs
from services.api.adapters.mongo_webhook_secrets import MongoWebhookSecrets
from shared.contracts.records import delivery, job, webhook_secret
from shared.contracts.records.delivery import DeliveryRecord, read_delivery
from shared.storage.mongo import Database, open_database
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault
from tests.kit.ears import Ears, listening
from tests.kit.processes import Service, running_service

KEYS = f"vault:{base64.b64encode(bytes(32)).decode()}"


@dataclass
class Surroundings:
    """What a process of webhooks lives among."""

    environment: dict[str, str]
    database: Database
    ears: Ears
    folder: Path

    @property
    def jobs(self) -> MongoJobs:
        """Jobs as api writes them."""
        return MongoJobs(self.database[job.COLLECTION])

    @property
    def secrets(self) -> MongoWebhookSecrets:
        """Webhook secrets as api makes them."""
        vault = Vault(parse_vault_keys(KEYS))
        return MongoWebhookSecrets(self.database[webhook_secret.COLLECTION], vault, os.urandom)

    async def record(self, delivery_id: str) -> DeliveryRecord | None:
        document = await self.database[delivery.COLLECTION].find_one({"_id": delivery_id})
        return None if document is None else read_delivery(document)

    def process(self) -> AbstractAsyncContextManager[Service]:
        """One process, ready to hear, asked to end with the block if it still runs."""
        return running_service("webhooks", self.environment, self.folder)


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
    async with open_database(mongo_url, database_name) as database, listening(rabbitmq_url, "delivery.*") as ears:
        made = Surroundings(environment, database, ears, folder)
        await made.jobs.ensure_indexes()
        yield made
