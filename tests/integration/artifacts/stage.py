"""Artifacts processes as they run, on real servers, and ears on the broker."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from deploy.local.ports import free_port
from shared.contracts.artifact_events import ArtifactEvent
from shared.contracts.envelope import disclose
from shared.contracts.event import Event
from shared.contracts.job_events import JobGenerated
from shared.kernel.ids import new_id
from shared.messaging.message import Message, Received
from shared.runtime.announcer import Announcer
from shared.storage.mongo import Database
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault
from tests.integration.artifacts.orders import place_order
from tests.integration.simulator.caller import Caller

REPOSITORY = Path(__file__).parents[3]


async def eventually(fact: Callable[[], Any], within: float = 30) -> Any:
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
class Keeper:
    """A running artifacts process."""

    process: asyncio.subprocess.Process
    admin_url: str
    log: Path

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Its exit code, after it was asked to end."""
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(25):
            return await self.process.wait()


@dataclass
class Stage:
    """Everything but the processes."""

    environment: dict[str, str]
    database: Database
    provider: Caller
    announcer: Announcer
    folder: Path
    heard: list[Event] = field(default_factory=list)

    async def hear(self, received: Received) -> list[Message]:
        """Keep what anybody says."""
        self.heard.append(disclose(received.body).event)
        return []

    @asynccontextmanager
    async def keeper(self, **settings: str) -> AsyncIterator[Keeper]:
        """One more process, ready to hear, until the block ends."""
        admin, log = free_port(), self.folder / f"{new_id()}.log"
        environment = {
            **self.environment,
            "ARTIFACTS_ADMIN_BIND": f"127.0.0.1:{admin}",
            "PATH": os.environ["PATH"],
            **settings,
        }
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.artifacts",
                env=environment,
                cwd=REPOSITORY,
                stdout=output,
                stderr=output,
            )
        running = Keeper(process, f"http://127.0.0.1:{admin}", log)
        try:
            await eventually(lambda: self._ready(running), within=60)
            yield running
        finally:
            await running.stop()

    async def _ready(self, running: Keeper) -> bool:
        assert running.process.returncode is None, running.log.read_text()
        try:
            async with self.provider.session.get(f"{running.admin_url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

    async def order(self, *, seconds: int = 3, **fields: object) -> JobGenerated:
        """A job that its provider renders, and the news of it, not said yet."""
        vault = Vault(parse_vault_keys(self.environment["VAULT_KEYS"]))
        return await place_order(self.provider, self.database, vault, seconds=seconds, **fields)

    def said_of(self, news: JobGenerated) -> list[ArtifactEvent]:
        """What was said of the job's audio."""
        return [said for said in self.heard if isinstance(said, ArtifactEvent) and said.job_id == news.job_id]
