"""Money over HTTP: many requests at once, two processes with different fees, and no broker."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import pytest
from pymongo.asynchronous.database import AsyncDatabase

from services.router.adapters.attempt_document import attempt_document
from shared.contracts.envelope import enclose
from tests.contract.messaging.tcp_proxy import TcpProxy
from tests.integration.api.caller import JOBS, ORDER, Caller
from tests.kit.processes import running_service
from tests.kit.waiting import eventually
from tests.unit.services.api.market import stored
from tests.unit.services.api.samples import AT, attempt

pytestmark = pytest.mark.usefixtures("market")

HOLD = 23_100
"""Of an ordinary order at the one offer there is."""


async def figures(buyer: Caller) -> tuple[int, int, int]:
    me = (await buyer.get("/v1/buyer/me")).json
    return int(me["available_usdc"]), int(me["held_usdc"]), int(me["spent_usdc"])


async def test_fifty_orders_at_once_with_one_key_make_one_job_on_a_balance_that_fits_one(open_buyer: Any) -> None:
    buyer = await open_buyer(HOLD)
    replies = await asyncio.gather(*(buyer.order(headers={"Idempotency-Key": "one"}) for _ in range(50)))
    assert {reply.status for reply in replies} == {202}
    assert len({reply.body for reply in replies}) == 1
    assert sum("Idempotent-Replayed" not in reply.headers for reply in replies) == 1
    assert await figures(buyer) == (0, HOLD, 0)
    assert len((await buyer.get(JOBS)).json["data"]) == 1
    assert [entry["kind"] for entry in (await buyer.get("/v1/buyer/ledger")).json["data"]] == ["hold", "credit"]


async def test_of_sixty_four_orders_at_a_time_exactly_those_are_taken_that_the_balance_fits(open_buyer: Any) -> None:
    buyer, room = await open_buyer(128 * HOLD + HOLD - 1), asyncio.Semaphore(64)

    async def ordered(number: int) -> tuple[int, str]:
        async with room:
            reply = await buyer.order(headers={"Idempotency-Key": f"order-{number}"})
        return reply.status, "" if reply.status == 202 else f"{reply.code}: {reply.error['message']}"

    outcomes = Counter(await asyncio.gather(*(ordered(number) for number in range(256))))
    needed = f"insufficient_balance: this job needs {HOLD} micro-USDC and {HOLD - 1} are available"
    assert outcomes == {(202, ""): 128, (402, needed): 128}
    assert await figures(buyer) == (HOLD - 1, 128 * HOLD, 0)


async def test_a_new_fee_is_for_new_jobs_and_is_shown_before_and_after(
    settings: dict[str, str],
    tmp_path: Path,
    buyer: Caller,
    operator: Caller,
    database: AsyncDatabase[dict[str, Any]],
) -> None:
    before = (await buyer.order()).json
    async with running_service("api", settings | {"MARKETPLACE_FEE_BPS": "250"}, tmp_path) as dearer:
        there = Caller(buyer.session, dearer.url, buyer.key)

        async def quoted() -> Any:
            quote = (await there.post("/v1/music/quotes", ORDER)).json
            return quote if quote["estimated_cost_usdc"] else None

        quote = await eventually(quoted, within=15)
        assert (quote["estimated_cost_usdc"], quote["fee_bps"]) == ("21525", 250)
        assert {found["estimated_fee_usdc"] for found in quote["candidates"] if found["eligible"]} == {"525"}
        after = (await there.order()).json
        assert (after["estimated_cost_usdc"], after["max_cost_usdc"]) == ("21525", "23678")
        for job in (before, after):
            await deliver(job["id"], settings["AMQP_URL"], database)
            ended = await there.get(f"{JOBS}/{job['id']}?wait=20")
            assert ended.json["status"] == "succeeded"
    costs = [(await buyer.get(f"{JOBS}/{job['id']}")).json["usage"] for job in (before, after)]
    assert [(usage["seller_cost_usdc"], usage["buyer_cost_usdc"]) for usage in costs] == [
        ("21000", "21000"),
        ("21000", "21525"),
    ]
    entries = (await buyer.get("/v1/buyer/ledger?limit=100")).json["data"]
    fees = [(entry["job_id"], entry["credit"], entry["amount_usdc"]) for entry in entries if entry["kind"] == "fee"]
    assert fees == [(after["id"], "marketplace_fee", "525")]
    assert retold(entries, buyer.account_id) == await figures(buyer) == (10_000_000 - 42_525, 0, 42_525)
    sums = (await operator.get("/admin/v1/audit")).json["sums"]["by_account"]
    assert sum(int(micros) for micros in sums.values()) == 0


async def deliver(job_id: str, amqp_url: str, database: AsyncDatabase[dict[str, Any]]) -> None:
    """What router and artifacts do for a job: an attempt on record, and the news that its audio is stored."""
    await database["attempts"].insert_one({"_id": f"{job_id}:1", **attempt_document(attempt(job_id))})
    news = stored(job_id)
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        exchange = await (await connection.channel()).get_exchange("media.events")
        body = enclose(news, at=AT, traceparent=None)
        message = aio_pika.Message(body, message_id=news.event_id, content_type="application/cloudevents+json")
        await exchange.publish(message, news.routing_key)


def retold(entries: list[dict[str, Any]], account_id: str) -> tuple[int, int, int]:
    """Available, held and spent, from nothing but the ledger's debits and credits."""
    balances: Counter[str] = Counter()
    for entry in entries:
        balances[entry["debit"]] -= int(entry["amount_usdc"])
        balances[entry["credit"]] += int(entry["amount_usdc"])
    spent = balances["seller_payable"] + balances["marketplace_fee"]
    return balances[f"buyer_available:{account_id}"], balances[f"buyer_held:{account_id}"], spent


async def test_an_order_whose_sender_leaves_before_the_answer_is_carried_through(
    open_buyer: Any, database: AsyncDatabase[dict[str, Any]]
) -> None:
    buyer = await open_buyer(HOLD)
    body = json.dumps(ORDER).encode()
    head = (
        f"POST {JOBS} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {buyer.key}\r\nIdempotency-Key: left\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    address = urlsplit(buyer.url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(head.encode() + body)

    async def begun() -> Any:
        return await database["requests"].find_one({"_id": f"{buyer.account_id}:left"})

    await eventually(begun, within=15)
    writer.transport.abort()

    async def stored_jobs() -> Any:
        return (await buyer.get(JOBS)).json["data"]

    (job,) = await eventually(stored_jobs, within=15)
    again = await buyer.order(headers={"Idempotency-Key": "left"})
    assert (again.json["id"], again.headers["Idempotent-Replayed"]) == (job["id"], "true")
    assert await figures(buyer) == (0, HOLD, 0)


async def test_orders_are_taken_while_the_broker_is_away_and_what_waits_is_counted(
    settings: dict[str, str], tmp_path: Path, buyer: Caller
) -> None:
    broker = urlsplit(settings["AMQP_URL"])
    assert broker.hostname
    assert broker.port
    async with AsyncExitStack() as stack:
        async with TcpProxy(broker.hostname, broker.port).listening() as wire:
            through = settings["AMQP_URL"].replace(f":{broker.port}", f":{wire.port}")
            running = await stack.enter_async_context(
                running_service("api", settings | {"AMQP_URL": through}, tmp_path)
            )
        there = Caller(buyer.session, running.url, buyer.key)
        replies = await asyncio.gather(*(there.order() for _ in range(20)))
        assert {reply.status for reply in replies} == {202}
        assert await figures(buyer) == (10_000_000 - 20 * HOLD, 20 * HOLD, 0)

        async def counted() -> bool:
            text = (await Caller(buyer.session, running.admin_url, described=False).get("/metrics")).body.decode()
            told = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("busker_o"))
            return float(told["busker_outbox_backlog"]) >= 20 and float(told["busker_oldest_job_seconds"]) > 0

        await eventually(counted, within=15)
