"""One api process on real servers for all of these tests, and callers of every sort."""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings as SimulatorSettings
from tests.integration.api.caller import Caller
from tests.kit.processes import Service, running_service
from tests.kit.waiting import eventually
from tests.servers.servers import Bucket

ADMIN_TOKEN = secrets.token_urlsafe(24)


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.fixture(scope="session")
def settings(mongo_url: str, rabbitmq_url: str, object_store: Bucket) -> dict[str, str]:
    """The environment of an api of these tests' own, but for its ports."""
    return {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": f"api{uuid4().hex[:12]}",
        "AMQP_URL": rabbitmq_url,
        "S3_ENDPOINT_URL": object_store.endpoint,
        "S3_BUCKET": object_store.name,
        "S3_REGION": object_store.region,
        "AWS_ACCESS_KEY_ID": object_store.access_key,
        "AWS_SECRET_ACCESS_KEY": object_store.secret_key,
        "API_PUBLIC_URL": "https://busker.example",
        "ADMIN_TOKEN": ADMIN_TOKEN,
        "SIGNING_SECRETS": key("sign"),
        "VAULT_KEYS": key("vault"),
        "ALLOW_PRIVATE_NETWORKS": "1",
    }


@pytest.fixture(scope="session")
async def api(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with running_service("api", settings, tmp_path_factory.mktemp("api")) as running:
        yield running


@pytest.fixture(scope="session")
async def database(mongo_url: str, settings: dict[str, str]) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    """Api's own database, for what only other services would write."""
    client: AsyncMongoClient[dict[str, Any]]
    async with AsyncMongoClient(mongo_url, tz_aware=True) as client:
        yield client[settings["MONGO_DATABASE"]]


@pytest.fixture(scope="session")
async def anyone(api: Service) -> AsyncIterator[Caller]:
    """Somebody without a key."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield Caller(session, api.url)


@pytest.fixture(scope="session")
def operator(anyone: Caller) -> Caller:
    return anyone.with_key(ADMIN_TOKEN)


@pytest.fixture(scope="session")
def open_buyer(operator: Caller) -> Callable[..., Awaitable[Caller]]:
    """Opens a buyer with this much credit."""

    async def opened(credit: int = 10_000_000, **fields: object) -> Caller:
        account = (await operator.post("/admin/v1/accounts", {"role": "buyer", "name": "a buyer", **fields})).json
        if credit:
            given = {"amount_usdc": str(credit), "reference": "first"}
            assert (await operator.post(f"/admin/v1/accounts/{account['id']}/credits", given)).status == 201
        return operator.with_key(account["api_key"], account["id"])

    return opened


@pytest.fixture(scope="session")
def open_seller(operator: Caller) -> Callable[[], Awaitable[Caller]]:
    async def opened() -> Caller:
        account = (await operator.post("/admin/v1/accounts", {"role": "seller", "name": "a seller"})).json
        return operator.with_key(account["api_key"], account["id"])

    return opened


@pytest.fixture
async def buyer(open_buyer: Callable[..., Awaitable[Caller]]) -> Caller:
    return await open_buyer()


@pytest.fixture
async def seller(open_seller: Callable[[], Awaitable[Caller]]) -> Caller:
    return await open_seller()


@pytest.fixture(scope="session")
async def provider_url() -> AsyncIterator[str]:
    """Where a provider answers."""
    async with serving(SimulatorSettings(port=0)) as address:
        yield f"{address}/api/v1"


@pytest.fixture(scope="session")
async def market(open_seller: Callable[[], Awaitable[Caller]], provider_url: str, anyone: Caller) -> dict[str, Any]:
    """One active offer at 70 % of the list, which api's order book knows."""
    seller = await open_seller()
    body = {
        "provider": "venice",
        "base_url": provider_url,
        "api_key": "sim-api-tests",
        "model": "venice-ace-step-15",
        "multiplier_bps": 7000,
        "max_concurrent": 1000,
    }
    offer = (await seller.post("/v1/seller/offers", body)).json
    assert offer["status"] == "active", offer

    async def known() -> bool:
        lines = (await anyone.get("/api/markets/venice-ace-step-15")).json["offers"]
        return any(line["id"] == offer["id"] for line in lines)

    await eventually(known, within=15)
    found: dict[str, Any] = offer
    return found
