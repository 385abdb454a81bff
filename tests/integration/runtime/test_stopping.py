"""A process that is told to stop has stopped within 25 s, whatever does not end by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from deploy.local.ports import free_port
from tests.kit.processes import start
from tests.kit.waiting import eventually


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
    site, admin = free_port(), free_port()
    settings = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": database_name,
        "AMQP_URL": rabbitmq_url,
        "POLLER_ADMIN_BIND": f"127.0.0.1:{admin}",
        "SITE_BIND": f"127.0.0.1:{site}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": deaf_collector,
    }
    running = await start("tests.integration.runtime.stubborn", settings, tmp_path)
    try:
        async with aiohttp.ClientSession() as session:
            await eventually(lambda: busy(session, site), within=40)
            asking = asyncio.create_task(asked(session, f"http://127.0.0.1:{site}/endless"))
            await eventually(lambda: ready(session, admin), within=40)
            began = time.monotonic()
            assert await running.stop() == 0, running.log.read_text()
            assert time.monotonic() - began > 10, "what runs was given no time"
            assert await asking is None
    finally:
        if running.process.returncode is None:
            await running.kill()
    assert "round cut off" in running.log.read_text()


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
