"""Router processes among real servers: a market, a provider that misbehaves on demand, and ears on the broker."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.ports import free_port
from shared.contracts.envelope import disclose
from shared.contracts.event import Event
from shared.contracts.job_events import JobCreated, JobRouted, JobUnroutable
from shared.contracts.records.offer import key_binding
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.market.offers import Offer
from shared.messaging.message import Message, Received
from shared.runtime.announcer import Announcer
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault
from tests.contract.services.router.documents import job_document, offer_document
from tests.integration.simulator.caller import Caller
from tests.unit.services.router.market import created, job, offer

REPOSITORY = Path(__file__).parents[3]
ANSWER = JobRouted | JobUnroutable


async def eventually(fact: Callable[[], Any], within: float = 20) -> Any:
    """What ``fact`` gives once it gives something; fails when it does not in time."""
    async with asyncio.timeout(within):
        while True:
            found = fact()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.05)


@dataclass
class Router:
    """A running router."""

    process: asyncio.subprocess.Process
    admin_url: str
    log: Path

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(30):
            return await self.process.wait()


@dataclass
class Stage:
    """Where a router plays."""

    environment: dict[str, str]
    database: AsyncDatabase[dict[str, Any]]
    provider: Caller
    announcer: Announcer
    folder: Path
    heard: list[Event] = field(default_factory=list)

    async def hear(self, received: Received) -> list[Message]:
        """Keep what anybody says."""
        self.heard.append(disclose(received.body).event)
        return []

    @asynccontextmanager
    async def router(self) -> AsyncIterator[Router]:
        """One more router, ready to hear, until the block ends."""
        admin, log = free_port(), self.folder / f"{new_id()}.log"
        environment = self.environment | {"ROUTER_ADMIN_BIND": f"127.0.0.1:{admin}", "PATH": os.environ["PATH"]}
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.router",
                env=environment,
                cwd=REPOSITORY,
                stdout=output,
                stderr=output,
            )
        running = Router(process, f"http://127.0.0.1:{admin}", log)
        try:
            await eventually(lambda: self._ready(running), within=40)
            yield running
        finally:
            await running.stop()

    async def _ready(self, running: Router) -> bool:
        assert running.process.returncode is None, running.log.read_text()
        try:
            async with self.provider.session.get(f"{running.admin_url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

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
        return [said for said in self.heard if isinstance(said, JobRouted | JobUnroutable) and said.job_id == job_id]

    async def attempts(self, job_id: str) -> list[tuple[int, str]]:
        found = self.database["attempts"].find({"job_id": job_id}).sort("number")
        return [(document["number"], document["state"]) async for document in found]

    async def submits(self, name: str) -> int:
        """How many submits the provider got under the key of an offer, heeded or not."""
        return len(await self.provider.calls(f"?path=/audio/queue&key=sim-{name}"))
