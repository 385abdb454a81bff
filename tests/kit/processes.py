"""Processes of ours as they run: started on free ports, ready, asked to end or killed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from deploy.local.ports import free_port
from shared.kernel.ids import new_id
from tests.kit.waiting import eventually

REPOSITORY = Path(__file__).parents[2]
STOPS_WITHIN = 25.0


@dataclass(frozen=True)
class Running:
    """A process of ours, and where its words go."""

    process: asyncio.subprocess.Process = field(repr=False)
    log: Path

    async def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Its exit code, after it was asked to end; fails when it takes longer than a process may."""
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(STOPS_WITHIN):
            return await self.process.wait()


@dataclass(frozen=True)
class Service(Running):
    """A running service; ``url`` is where it serves those who call it, for one that does."""

    url: str
    admin_url: str

    async def ready(self) -> bool:
        """Whether it says so; fails when it has ended."""
        assert self.process.returncode is None, self.log.read_text()
        try:
            async with aiohttp.request("GET", f"{self.admin_url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False


async def start(module: str, environment: Mapping[str, str], folder: Path) -> Running:
    """Run a module with this environment alone; the caller ends it."""
    log = folder / f"{new_id()}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            env={"PATH": os.environ["PATH"], **environment},
            cwd=REPOSITORY,
            stdout=output,
            stderr=output,
        )
    return Running(process, log)


@asynccontextmanager
async def running_service(
    service: str, environment: Mapping[str, str], folder: Path, *, within: float = 40
) -> AsyncIterator[Service]:
    """One process of a service, ready within so many seconds, asked to end with the block if it still runs."""
    bind, admin = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    bound = {f"{service.upper()}_BIND": bind, f"{service.upper()}_ADMIN_BIND": admin}
    begun = await start(f"services.{service}", {**environment, **bound}, folder)
    made = Service(begun.process, begun.log, f"http://{bind}", f"http://{admin}")
    try:
        await eventually(made.ready, within=within)
        yield made
    finally:
        await made.stop()
