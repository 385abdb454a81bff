"""A process that is told to stop has stopped within 25 s, whatever does not end by itself."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from deploy.local.ports import free_port
from tests.e2e.waiting import eventually

STOPS_WITHIN = 25.0
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
async def deaf_collector() -> AsyncIterator[str]:
    """Takes spans and never says so."""

    async def listen(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_neither_requests_nor_rounds_nor_spans_hold_a_process_longer_than_that(
    mongo_url: str, rabbitmq_url: str, database_name: str, deaf_collector: str, tmp_path: Path
) -> None:
    site, admin, log = free_port(), free_port(), tmp_path / "log"
    settings = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": database_name,
        "AMQP_URL": rabbitmq_url,
        "POLLER_ADMIN_BIND": f"127.0.0.1:{admin}",
        "SITE_BIND": f"127.0.0.1:{site}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": deaf_collector,
        "PATH": os.environ["PATH"],
    }
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.runtime.stubborn"),
            env=settings,
            cwd=REPOSITORY,
            stdout=output,
            stderr=output,
        )
    try:
        async with aiohttp.ClientSession() as session:
            await eventually(lambda: busy(session, site), within=40)
            asking = asyncio.create_task(asked(session, f"http://127.0.0.1:{site}/endless"))
            await eventually(lambda: ready(session, admin), within=40)
            began = time.monotonic()
            process.terminate()
            async with asyncio.timeout(STOPS_WITHIN):
                assert await process.wait() == 0, log.read_text()
            assert time.monotonic() - began > 10, "what runs was given no time"
            assert await asking is None
    finally:
        if process.returncode is None:
            process.kill()
    assert "round cut off" in log.read_text()


async def busy(session: aiohttp.ClientSession, port: int) -> bool:
    """Whether its round runs."""
    found = await asked(session, f"http://127.0.0.1:{port}/rounds")
    return found is not None and found["rounds"] == 1


async def ready(session: aiohttp.ClientSession, port: int) -> bool:
    found = await asked(session, f"http://127.0.0.1:{port}/readyz")
    return found is not None and found["ready"]


async def asked(session: aiohttp.ClientSession, url: str) -> dict[str, int] | None:
    """What is answered, or None without an answer."""
    try:
        async with session.get(url) as answer:
            found: dict[str, int] = await answer.json()
            return found
    except aiohttp.ClientError:
        return None
