"""An api process of a test's own."""

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
from tests.integration.api.caller import eventually

REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class Api:
    """A running process."""

    url: str
    admin_url: str
    log: Path
    process: asyncio.subprocess.Process = field(repr=False)

    async def stop(self) -> int:
        """Ask it to end, and return how it ended; half a minute is too long."""
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(30):
            return await self.process.wait()


@asynccontextmanager
async def running_api(settings: Mapping[str, str], log: Path) -> AsyncIterator[Api]:
    """Start one on free ports, give it when it is ready, and end it."""
    port, admin = free_port(), free_port()
    bound = {"API_BIND": f"127.0.0.1:{port}", "API_ADMIN_BIND": f"127.0.0.1:{admin}", "PATH": os.environ["PATH"]}
    command = (sys.executable, "-m", "services.api")
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env={**settings, **bound}, cwd=REPOSITORY, stdout=output, stderr=output
        )
    running = Api(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{admin}", log, process)
    try:
        async with aiohttp.ClientSession() as session:
            await eventually(lambda: _ready(session, running), within=40)
        yield running
    finally:
        await running.stop()


async def _ready(session: aiohttp.ClientSession, running: Api) -> bool:
    assert running.process.returncode is None, running.log.read_text()
    try:
        async with session.get(f"{running.admin_url}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False
