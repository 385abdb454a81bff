"""One artifacts process without a broker: wired as it runs, on a real database, bucket and provider."""

from __future__ import annotations

import base64
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.artifacts.adapters.s3_objects import S3Objects
from services.artifacts.settings import Settings
from services.artifacts.wiring import build
from shared.contracts.event import Event
from shared.contracts.job_events import JobGenerated
from shared.kernel.errors import Transient
from shared.messaging.memory.broker import MemoryBroker
from shared.messaging.memory.bus import MemoryBus
from shared.providers.venice.verdicts import HELD_BACK
from shared.runtime.announcer import Announcer, Say
from shared.runtime.clock import SystemClock
from shared.runtime.service import Process, Service
from shared.storage.mongo import Database, open_database
from shared.storage.objects import Objects, open_objects
from shared.vault.vault import Vault
from tests.integration.artifacts.orders import LIFE, place_order
from tests.integration.simulator.caller import Caller
from tests.kit.waiting import eventually
from tests.servers.servers import Bucket


def vault_keys() -> str:
    """The setting of a vault of one's own."""
    return f"vault:{base64.b64encode(secrets.token_bytes(32)).decode()}"


class Ears(Announcer):
    """Keeps what is said outside of messages."""

    def __init__(self) -> None:
        super().__init__(MemoryBus(MemoryBroker(SystemClock())).publisher, SystemClock())
        self.said: list[Say] = []

    async def say(self, *facts: Say) -> None:
        self.said += facts


@dataclass
class Workshop:
    """The process, and what it works on."""

    service: Service
    ears: Ears
    database: Database
    objects: Objects
    provider: Caller
    vault: Vault
    orders: list[JobGenerated] = field(default_factory=list)

    async def order(self, *, seconds: int = 3, life: timedelta = LIFE, **fields: object) -> JobGenerated:
        """A job that its provider renders, of so many seconds."""
        news = await place_order(self.provider, self.database, self.vault, seconds=seconds, life=life, **fields)
        self.orders.append(news)
        return news

    async def hear(self, event: Event) -> Sequence[Event]:
        """Handle one message."""
        return await self.service.subscriptions.hears[type(event)](event)  # type: ignore[return-value]

    async def settle(self, event: Event) -> tuple[Sequence[Event], list[str]]:
        """Handle one message as often as it must be; also says why it was not at once, but for a key that rests."""
        troubles: list[str] = []

        async def heard() -> list[Sequence[Event]]:
            try:
                return [await self.hear(event)]
            except Transient as trouble:
                troubles.append(str(trouble))
                return []

        (said,) = await eventually(heard, within=60)
        return said, [trouble for trouble in troubles if trouble != HELD_BACK]

    async def tick(self, name: str) -> None:
        """Let one sweep come round."""
        (ticker,) = [ticker for ticker in self.service.tickers if ticker.name == name]
        await ticker.work()

    async def row(self, news: JobGenerated) -> dict[str, Any]:
        """What is kept of the job's output."""
        row = await self.database["artifacts"].find_one({"_id": f"{news.job_id}:0"})
        assert row is not None
        return row

    async def kept(self, news: JobGenerated) -> dict[str, bytes]:
        """The objects of the job, by key."""
        found = await self.objects.client.list_objects_v2(
            Bucket=self.objects.bucket, Prefix=f"async-media/{news.job_id}/"
        )
        kept = {}
        for item in found.get("Contents", ()):
            answer = await self.objects.client.get_object(Bucket=self.objects.bucket, Key=item["Key"])
            kept[item["Key"]] = await answer["Body"].read()
        return kept

    async def uploads(self) -> int:
        """Uploads of this workshop's jobs that were begun and neither completed nor ended."""
        bucket = S3Objects(self.objects, SystemClock())
        prefixes = [f"async-media/{news.job_id}/" for news in self.orders]
        return sum([await bucket.abort_uploads(prefix, older_than=-timedelta(minutes=1)) for prefix in prefixes])


@asynccontextmanager
async def open_workshop(
    mongo_url: str, database_name: str, bucket: Bucket, provider: Caller, *, ttl: int = 10_800
) -> AsyncIterator[Workshop]:
    """Build the process and close it."""
    settings = Settings(
        mongo_url=mongo_url,
        mongo_database=database_name,
        amqp_url="amqp://nobody.invalid",
        s3_endpoint_url=bucket.endpoint,
        s3_bucket=bucket.name,
        s3_region=bucket.region,
        aws_access_key_id=bucket.access_key,
        aws_secret_access_key=bucket.secret_key,
        vault_keys=vault_keys(),
        media_artifact_ttl_seconds=ttl,
        allow_private_networks=True,
    )
    ears = Ears()
    bus = MemoryBus(MemoryBroker(SystemClock()))
    async with (
        open_database(mongo_url, database_name) as database,
        open_objects(settings.store) as objects,
        build(settings, Process(database, SystemClock(), ears, bus, random.random)) as service,
    ):
        yield Workshop(service, ears, database, objects, provider, Vault(settings.vault_keys))
