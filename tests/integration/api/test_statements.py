"""What buyers, sellers and operators read afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from pymongo.asynchronous.database import AsyncDatabase

from services.api.adapters.mongo_ledger import entry_document
from services.api.domain.ledger import settlement_entries
from services.api.domain.settlement import Settlement
from shared.kernel.money import Money
from tests.integration.api.caller import JOBS, Caller
from tests.integration.api.stored import let_succeed
from tests.kit.waiting import eventually

pytestmark = pytest.mark.usefixtures("market")
Stored = AsyncDatabase[dict[str, Any]]


async def test_a_buyer_reads_every_movement_of_their_money(buyer: Caller) -> None:
    job = (await buyer.order()).json
    await buyer.call("DELETE", f"{JOBS}/{job['id']}")
    entries = (await buyer.get("/v1/buyer/ledger")).json["data"]
    moved = [(entry["kind"], entry["amount_usdc"], entry["job_id"]) for entry in entries]
    assert sorted(moved[:2]) == [("hold", "23100", job["id"]), ("release", "23100", job["id"])]
    assert moved[2][:2] == ("credit", "10000000")
    first = (await buyer.get("/v1/buyer/ledger?limit=1")).json
    assert (first["has_more"], first["last_id"]) == (True, entries[0]["id"])
    rest = (await buyer.get(f"/v1/buyer/ledger?after={first['last_id']}")).json
    assert rest["data"] == entries[1:]


async def test_nobody_reads_the_movements_of_others(buyer: Caller, open_buyer: Any) -> None:
    entry = (await buyer.get("/v1/buyer/ledger")).json["data"][0]
    stranger = await open_buyer(credit=0)
    assert (await stranger.get("/v1/buyer/ledger")).json["data"] == []
    assert (await stranger.get(f"/v1/buyer/ledger?after={entry['id']}")).error["param"] == "after"


async def test_a_seller_reads_what_they_earned_and_not_from_whom(seller: Caller, database: Stored) -> None:
    settlement = Settlement(seller.account_id, Money(21_000), Money(0), Money(2_100))
    captured, _ = settlement_entries(str(uuid4()), str(uuid4()), "venice-ace-step-15", settlement, datetime.now(UTC))
    await database["ledger"].insert_one(entry_document(captured))
    earnings = (await seller.get("/v1/seller/earnings")).json
    assert (earnings["earned_usdc"], earnings["jobs"]) == ("21000", 1)
    assert earnings["by_model"] == [{"model": "venice-ace-step-15", "earned_usdc": "21000", "jobs": 1}]
    (entry,) = earnings["data"]
    assert (entry["debit"], entry["credit"]) == ("buyer_held", f"seller_payable:{seller.account_id}")
    await database["ledger"].delete_one({"_id": captured.id})


async def test_a_seller_reads_how_their_offers_are_doing(seller: Caller, provider_url: str) -> None:
    body = {"provider": "venice", "api_key": "sim-x", "model": "venice-stable-audio-25", "multiplier_bps": 9000}
    good = (await seller.post("/v1/seller/offers", body | {"base_url": provider_url})).json
    bad = (await seller.post("/v1/seller/offers", body | {"base_url": "http://127.0.0.1:9/x"})).json
    lines = {line["offer_id"]: line for line in (await seller.get("/v1/seller/health")).json["data"]}
    assert (lines[good["id"]]["state"], lines[good["id"]]["open"]) == ("healthy", True)
    assert (lines[bad["id"]]["state"], lines[bad["id"]]["open"]) == ("unverified", False)
    assert lines[bad["id"]]["reason"]
    for offer in (good, bad):
        await seller.call("DELETE", f"/v1/seller/offers/{offer['id']}")


@pytest.fixture
async def delivery(buyer: Caller, database: Stored) -> dict[str, Any]:
    """A delivery as the webhooks service keeps it."""
    now = datetime.now(UTC)
    document = {
        "_id": f"{uuid4()}:succeeded",
        "buyer_id": buyer.account_id,
        "job_id": str(uuid4()),
        "type": "music.generation.succeeded",
        "url": "https://example.com/hook",
        "state": "exhausted",
        "created_at": now,
        "next_attempt_at": None,
        "attempts": 1,
        "log": [{"number": 1, "at": now, "millis": 12, "status": 500, "error": "status 500"}],
    }
    await database["deliveries"].insert_one(document)
    return document


async def test_a_buyer_reads_what_became_of_their_webhooks(
    buyer: Caller, open_buyer: Any, delivery: dict[str, Any]
) -> None:
    (shown,) = (await buyer.get("/v1/webhooks/deliveries")).json["data"]
    assert (shown["id"], shown["status"], shown["attempt_count"]) == (delivery["_id"], "exhausted", 1)
    assert shown["attempts"][0]["status"] == 500
    assert (await buyer.get(f"/v1/webhooks/deliveries?job_id={uuid4()}")).json["data"] == []
    assert len((await buyer.get(f"/v1/webhooks/deliveries?job_id={delivery['job_id']}")).json["data"]) == 1
    stranger = await open_buyer(credit=0)
    assert (await stranger.get("/v1/webhooks/deliveries")).json["data"] == []
    assert (await stranger.post(f"/v1/webhooks/deliveries/{delivery['_id']}/retry", {})).code == "not_found"


async def test_a_retry_and_a_test_reach_the_webhooks_service(
    buyer: Caller, delivery: dict[str, Any], rabbitmq_url: str
) -> None:
    path = f"/v1/webhooks/deliveries/{delivery['_id']}/retry"
    test = {"url": "http://127.0.0.1:9/hook"}
    connection = await aio_pika.connect(rabbitmq_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("media.events", "delivery.#")
        assert (await buyer.post(path, {})).status == 202
        assert (await buyer.post("/v1/webhooks/test", test)).status == 202
        heard = {(await queue.get(timeout=10)).routing_key for _ in range(2)}
        assert heard == {"delivery.retry_requested", "delivery.test_requested"}


async def test_without_a_webhooks_service_nobody_is_promised_anything(buyer: Caller) -> None:
    reply = await buyer.post("/v1/webhooks/test", {"url": "http://127.0.0.1:9/hook"})
    assert (reply.status, reply.code) == (503, "service_unavailable")
    assert reply.headers["Retry-After"]
    assert (await buyer.post("/v1/webhooks/test", {"url": "nothing"})).error["param"] == "url"


async def test_the_public_sees_what_was_made_and_not_by_whom(buyer: Caller, anyone: Caller, database: Stored) -> None:
    job = (await buyer.order()).json
    await let_succeed(database, job["id"])

    async def line() -> Any:
        found = (await anyone.get("/api/markets/feed")).json["items"]
        return next((item for item in found if item["created"] == job["created"]), None)

    assert await eventually(line, within=25) == {
        "model": "venice-ace-step-15",
        "buyer_cost_usdc": "21000",
        "duration_seconds": 60,
        "created": job["created"],
    }
    markets = (await anyone.get("/api/markets")).json["markets"]
    ace = next(found for found in markets if found["model"] == "venice-ace-step-15")
    assert ace["jobs_24h"] >= 1
    assert int(ace["volume_24h_usdc"]) >= 21_000


async def test_nothing_is_stuck(operator: Caller) -> None:
    assert (await operator.get("/admin/v1/jobs/stuck")).json == {"object": "list", "data": []}


async def test_the_audit_finds_no_difference(open_buyer: Any, operator: Caller) -> None:
    buyer = await open_buyer()
    await buyer.order()
    canceled = (await buyer.order()).json
    await buyer.call("DELETE", f"{JOBS}/{canceled['id']}")
    audit = (await operator.get("/admin/v1/audit")).json
    mine = [found for found in audit["differences"] if found["account_id"] == buyer.account_id]
    assert mine == []
    assert audit["accounts"] > 1
    assert audit["entries"] > 1
    assert set(audit["sums"]) >= {"credited_usdc", "available_usdc", "held_usdc", "spent_usdc"}


async def test_dead_letters_are_shown_replayed_and_dropped(operator: Caller) -> None:
    path = "/admin/v1/dead-letters"
    assert (await operator.get(f"{path}?service=poller")).json == {"object": "list", "data": []}
    assert (await operator.get(f"{path}?service=nobody")).error["param"] == "service"
    assert (await operator.get(f"{path}/poller/nothing")).code == "not_found"
    assert (await operator.call("POST", f"{path}/poller/nothing/replay")).code == "not_found"
    assert (await operator.call("DELETE", f"{path}/nobody/nothing")).code == "not_found"
