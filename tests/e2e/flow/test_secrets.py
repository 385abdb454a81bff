"""After a whole run no secret stands anywhere but with its owner."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from tests.e2e.flow.sale import sell
from tests.e2e.integrator import Integrator
from tests.e2e.market import EFFECT, Market
from tests.e2e.own import bring
from tests.e2e.receiver import Receiver
from tests.e2e.stack import Stack

ADMIN_URLS = [f"{service}_ADMIN_URL" for service in ("API", "ROUTER", "POLLER", "ARTIFACTS", "WEBHOOKS")]


@pytest.fixture
async def secrets(market: Market, receiver: Receiver) -> set[str]:
    """Every key, token and secret of one more main job and of a buyer's own provider, and of every test before."""
    sale = await sell(market, receiver)
    own_provider = await bring(market, sale.buyer, "priority")
    assert (await sale.buyer.bought(EFFECT))["status"] == "succeeded"
    assert len(await own_provider.served()) == 1
    at = market.stack.at
    own = {at["ADMIN_TOKEN"], at["AWS_SECRET_ACCESS_KEY"], at["AMQP_URL"]}
    return {secret for secret in market.secrets | own if len(secret) > 8}


async def test_no_log_holds_a_secret(secrets: set[str], stack: Stack) -> None:
    found = {name for name, text in stack.logs().items() if any(secret in text for secret in secrets)}
    assert found == set()
    assert not [name for name, text in stack.logs().items() if "X-Amz-Signature" in text]


async def test_no_event_holds_a_secret(secrets: set[str], integrator: Integrator) -> None:
    assert integrator.events
    for event in integrator.events:
        text = event.body.decode()
        assert not any(secret in text for secret in secrets), event.routing_key
        assert "X-Amz-Signature" not in text


async def test_no_document_holds_a_secret(secrets: set[str], stack: Stack) -> None:
    mongo: AsyncMongoClient[dict[str, Any]]
    async with AsyncMongoClient(stack.at["MONGO_URL"]) as mongo:
        database: AsyncDatabase[dict[str, Any]] = mongo[stack.at["MONGO_DATABASE"]]
        names = await database.list_collection_names()
        assert {"accounts", "jobs", "ledger", "offers", "attempts", "artifacts", "deliveries"} <= set(names)
        for name in names:
            async for document in database[name].find():
                text = str(document)
                assert not any(secret in text for secret in secrets), f"{name} {document['_id']}"


async def test_no_metric_holds_a_secret(secrets: set[str], market: Market, stack: Stack) -> None:
    for name in ADMIN_URLS:
        answer = await market.anybody.call("GET", f"{stack.at[name]}/metrics")
        assert answer.status == 200
        assert not any(secret in answer.body.decode() for secret in secrets), name
