"""An api process as a whole: without an operator, without its database, and at its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.contract.messaging.tcp_proxy import TcpProxy
from tests.integration.api.caller import JOBS, Caller
from tests.kit.processes import Service, running_service
from tests.kit.waiting import eventually

pytestmark = pytest.mark.usefixtures("market")


@pytest.fixture
async def other(settings: dict[str, str], tmp_path: Path) -> AsyncIterator[Service]:
    """A second process on the same database, without an operator's token."""
    bare = {name: value for name, value in settings.items() if name != "ADMIN_TOKEN"}
    async with running_service("api", bare, tmp_path) as running:
        yield running


async def test_without_an_operators_token_there_are_no_operators_paths(other: Service, operator: Caller) -> None:
    there = Caller(operator.session, other.url, operator.key, described=False)
    for method, path in [("POST", "/admin/v1/accounts"), ("GET", "/admin/v1/audit"), ("GET", "/admin/v1/accounts")]:
        reply = await there.call(method, path)
        assert (reply.status, reply.code) == (404, "not_found")
    assert "/admin" not in (await there.get("/openapi.json")).body.decode()


async def test_a_job_token_is_good_at_every_process(other: Service, buyer: Caller) -> None:
    job = (await buyer.order()).json
    there = Caller(buyer.session, other.url)
    assert (await there.get(f"{JOBS}/{job['id']}", **{"X-Job-Token": job["job_token"]})).status == 200


async def test_a_revoked_key_opens_nothing_at_other_processes_either(other: Service, buyer: Caller) -> None:
    made = (await buyer.post("/v1/buyer/keys", {"label": "second"})).json
    there = Caller(buyer.session, other.url, made["api_key"])
    assert (await there.get("/v1/buyer/me")).status == 200
    await buyer.call("DELETE", f"/v1/buyer/keys/{made['id']}")

    async def refused() -> bool:
        return (await there.get("/v1/buyer/me")).status == 401

    await eventually(refused, within=1)


async def test_a_process_that_stops_answers_those_who_wait_and_ends_its_streams(other: Service, buyer: Caller) -> None:
    job = (await buyer.order()).json
    there = Caller(buyer.session, other.url, buyer.key)
    waiting = asyncio.create_task(there.get(f"{JOBS}/{job['id']}?wait=60"))
    async with there.open("GET", f"{JOBS}/{job['id']}/events") as stream:
        assert await stream.content.readline() == b"event: status\n"
        began = time.monotonic()
        other.process.terminate()
        await stream.content.read()
        assert (await waiting).json["status"] == "queued"
        assert await other.stop() == 0
        assert time.monotonic() - began < 15


async def test_without_its_database_api_says_that_it_cannot_answer_now(
    settings: dict[str, str], tmp_path: Path, buyer: Caller
) -> None:
    mongo = urlsplit(settings["MONGO_URL"])
    assert mongo.hostname
    assert mongo.port
    async with AsyncExitStack() as stack:
        async with TcpProxy(mongo.hostname, mongo.port).listening() as wire:
            through = f"mongodb://127.0.0.1:{wire.port}/?directConnection=true"
            running = await stack.enter_async_context(
                running_service("api", settings | {"MONGO_URL": through}, tmp_path)
            )
            there = Caller(buyer.session, running.url, buyer.key)
            assert (await there.get("/v1/buyer/me")).status == 200
        admin = Caller(buyer.session, running.admin_url, described=False)
        unready = await admin.get("/readyz")
        assert (unready.status, unready.json["failing"]) == (503, ["database"])
        assert (await admin.get("/healthz")).status == 200
        for reply in await asyncio.gather(there.order(), there.get(JOBS)):
            assert (reply.status, reply.code) == (503, "service_unavailable")
            assert reply.headers["Retry-After"]
            assert "x-should-retry" not in reply.headers
        assert (await there.get("/v1/models")).status == 200
        assert (await there.get("/healthz")).status == 200
