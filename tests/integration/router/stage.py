"""Router processes among real servers: a market, a provider that misbehaves on demand, and ears on the broker."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from shared.contracts.job_events import JobCreated, JobRouted, JobUnroutable
from shared.contracts.records.offer import key_binding
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.market.offers import Offer
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault
from tests.contract.services.router.documents import job_document, offer_document
from tests.integration.simulator.caller import Caller
from tests.kit.ears import Ears
from tests.kit.processes import Service, running_service
from tests.unit.services.router.market import created, job, offer

ANSWER = JobRouted | JobUnroutable


@dataclass
class Stage:
    """Where a router plays."""

    environment: dict[str, str]
    database: AsyncDatabase[dict[str, Any]]
    provider: Caller
    ears: Ears
    folder: Path

    def router(self) -> AbstractAsyncContextManager[Service]:
        """One more router, ready to hear, until the block ends."""
        return running_service("router", self.environment, self.folder)

    async def open_offer(self, name: str, bps: int, *, base_url: str | None = None, **changes: Any) -> Offer:
        """An offer of this test's own, whose key at the provider is ``sim-<name>``."""
        made = offer(f"{name}-{new_id()}", bps, base_url=base_url or f"{self.provider.address}/api/v1", **changes)
        vault = Vault(parse_vault_keys(self.environment["VAULT_KEYS"]))
        sealed = vault.seal(Secret(f"sim-{name}"), key_binding(made.id, made.seller_id))
        await self.database["offers"].insert_one(offer_document(made, sealed=str(sealed)))
        return made

    async def make_job(self) -> JobCreated:
        """A job on record, not said yet."""
        at = datetime.now(UTC)
        times = {"created_at": at, "expires_at": at + timedelta(minutes=15)}
        made = job(new_id(), **times)
        await self.database["jobs"].insert_one(job_document(made))
        return created(made.id, created=at, expires_at=made.expires_at)

    def answers(self, job_id: str) -> list[ANSWER]:
        """What was said of where a job goes."""
        return [
            said for said in self.ears.heard if isinstance(said, JobRouted | JobUnroutable) and said.job_id == job_id
        ]

    async def attempts(self, job_id: str) -> list[tuple[int, str]]:
        found = self.database["attempts"].find({"job_id": job_id}).sort("number")
        return [(document["number"], document["state"]) async for document in found]

    async def submits(self, name: str) -> int:
        """How many submits the provider got under the key of an offer, heeded or not."""
        return len(await self.provider.calls(f"?path=/audio/queue&key=sim-{name}"))
