"""A new key for the vault, in three steps, each a restart of every service, while jobs are under way."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from deploy.local.services import SERVICES
from tests.e2e.caller import Caller
from tests.e2e.market import SONG, Market
from tests.e2e.provider import Provider
from tests.e2e.receiver import receiving
from tests.e2e.stack import Stack, on_servers, running
from tests.servers.servers import Bucket

RENDER_SECONDS = 8.0
QUICK = {"POLL_INITIAL_SECONDS": "0.3", "POLL_CAP_SECONDS": "1", "WEBHOOK_LADDER_SECONDS": "0,0.2,0.2,5"}


@pytest.fixture
async def stack(tmp_path: Path, rabbitmq_url: str, mongo_url: str, object_store: Bucket) -> AsyncIterator[Stack]:
    servers = on_servers(rabbitmq_url, mongo_url, f"rotation{uuid4().hex[:8]}", object_store)
    async with running(tmp_path, servers, QUICK) as stack:
        yield stack


async def restarted(stack: Stack, credentials: Path, vault_keys: str) -> None:
    """Every service with these keys instead of the ones before."""
    kept = json.loads(credentials.read_text())
    credentials.write_text(json.dumps(kept | {"vault_keys": vault_keys}))
    await asyncio.gather(*(stack.stop(service, within=30) for service in SERVICES))
    await stack.up()


async def test_jobs_go_on_while_the_vaults_key_is_rotated(
    stack: Stack, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    credentials = tmp_path / "credentials.json"
    old = json.loads(credentials.read_text())["vault_keys"]
    new = f"new:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    market = Market(session, stack, Provider(Caller(session, stack.at["SIMULATOR_URL"], {})))
    await market.provider.renders_in(RENDER_SECONDS)
    await market.seller(SONG["model"])
    buyer = await market.buyer()

    async with receiving() as receiver:
        jobs = []
        for keys in (f"{old},{new}", f"{new},{old}", None):
            jobs.append(await buyer.order(SONG | {"webhook_url": receiver.url}))
            if keys is None:
                resealed = await market.operator.post("/admin/v1/vault/reseal", {}, status=200)
                assert (resealed["resealed"], resealed["unlisted"], resealed["damaged"]) == (2, {}, {})
                uses = {key["id"]: key for key in (await market.operator.get("/admin/v1/vault"))["data"]}
                assert uses[old.partition(":")[0]]["removable"]
                assert uses["new"]["values"] == 2
            await restarted(stack, credentials, keys or new)
        jobs.append(await buyer.order(SONG | {"webhook_url": receiver.url}))
        for job in jobs:
            assert (await buyer.ended(job["id"]))["status"] == "succeeded"
            assert await receiver.told(job["id"])
    assert not [line for log in stack.logs().values() for line in log.splitlines() if '"level": "error"' in line]
