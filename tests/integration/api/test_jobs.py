"""Jobs once they are ordered: read, waited for, followed, listed and canceled, by whoever has a right to them."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from pymongo.asynchronous.database import AsyncDatabase

from tests.integration.api.caller import JOBS, Caller
from tests.integration.api.stored import let_succeed
from tests.kit.processes import Service
from tests.kit.waiting import eventually

pytestmark = pytest.mark.usefixtures("market")


@pytest.fixture
async def job(buyer: Caller) -> dict[str, Any]:
    ordered: dict[str, Any] = (await buyer.order(metadata={"mine": 1})).json
    return ordered


async def test_a_queued_job_is_shown_as_the_contract_says(buyer: Caller, job: dict[str, Any]) -> None:
    reply = await buyer.get(f"{JOBS}/{job['id']}")
    assert reply.status == 200
    assert reply.json == {
        "id": job["id"],
        "object": "media.job",
        "kind": "music",
        "model": "venice-ace-step-15",
        "status": "queued",
        "created": job["created"],
        "expires_at": job["expires_at"],
        "progress": 0,
        "metadata": {"mine": 1},
        "cancel_requested": False,
        "attempts": 0,
    }


async def test_a_succeeded_job_carries_links_that_need_no_key(
    buyer: Caller, job: dict[str, Any], database: AsyncDatabase[dict[str, Any]]
) -> None:
    await let_succeed(database, job["id"])
    shown = (await buyer.get(f"{JOBS}/{job['id']}")).json
    (result,) = shown["results"]
    assert result["download_url"] == f"https://busker.example/v1/media/artifacts/{job['id']}/0"
    assert result["duration_seconds"] == 60
    assert "X-Amz-Signature" in result["url"]
    assert shown["usage"] == {
        "seller_cost_usdc": "21000",
        "buyer_cost_usdc": "21000",
        "settlement_status": "confirmed",
    }
    assert (await buyer.get(f"{JOBS}/{job['id']}")).json["results"][0]["url"] == result["url"]


async def test_a_job_token_opens_its_own_job_and_no_other(anyone: Caller, buyer: Caller, job: dict[str, Any]) -> None:
    other = (await buyer.order()).json
    token = {"X-Job-Token": job["job_token"]}
    mine = await anyone.get(f"{JOBS}/{job['id']}", **token)
    assert (mine.status, mine.headers["x-ratelimit-limit-requests"]) == (200, "600")
    assert (await anyone.get(f"{JOBS}/{other['id']}", **token)).code == "job_not_found"
    wrong = await anyone.get(f"{JOBS}/{job['id']}", **{"X-Job-Token": "mjt_é"})
    assert wrong.code == "job_not_found"
    assert "x-ratelimit-limit-requests" not in wrong.headers, "a stranger takes nothing from who has the token"
    assert (await anyone.get(JOBS, **token)).status == 401
    assert (await anyone.get(f"{JOBS}/{job['id']}")).status == 401


async def test_with_a_key_and_a_token_the_key_decides(open_buyer: Any, job: dict[str, Any]) -> None:
    stranger = await open_buyer(credit=0)
    token = {"X-Job-Token": job["job_token"]}
    assert (await stranger.get(f"{JOBS}/{job['id']}", **token)).code == "job_not_found"
    assert (await stranger.with_key("inf_wrong").get(f"{JOBS}/{job['id']}", **token)).status == 401


async def test_canceling_a_job_that_nobody_has_ends_it_at_once(buyer: Caller, job: dict[str, Any]) -> None:
    reply = await buyer.call("DELETE", f"{JOBS}/{job['id']}")
    assert reply.status == 200
    assert (reply.json["status"], reply.json["error"]["code"]) == ("canceled", "canceled")
    assert reply.json["usage"]["settlement_status"] == "released"
    assert (await buyer.get("/v1/buyer/me")).json["held_usdc"] == "0"
    again = await buyer.call("DELETE", f"/min30{JOBS}/{job['id']}")
    assert (again.status, again.json) == (200, reply.json)


async def test_a_job_token_cancels(anyone: Caller, job: dict[str, Any]) -> None:
    reply = await anyone.call("DELETE", f"{JOBS}/{job['id']}", {"X-Job-Token": job["job_token"]})
    assert reply.json["status"] == "canceled"


async def test_whoever_waits_is_answered_when_the_job_ends(buyer: Caller, job: dict[str, Any]) -> None:
    began = time.monotonic()
    waiting = asyncio.create_task(buyer.get(f"{JOBS}/{job['id']}?wait=50"))
    await buyer.call("DELETE", f"{JOBS}/{job['id']}")
    assert (await waiting).json["status"] == "canceled"
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("path", ["?wait=60", "/events"])
async def test_a_client_that_has_gone_is_not_waited_for(
    api: Service, buyer: Caller, job: dict[str, Any], path: str
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5), buyer.open("GET", f"{JOBS}/{job['id']}{path}") as answer:
            await answer.read()

    async def given_up() -> bool:
        lines = [json.loads(line) for line in api.log.read_text().splitlines() if job["id"] in line]
        return any(line.get("status") == 499 for line in lines)

    await eventually(given_up, within=14)


async def test_whoever_waits_in_vain_is_answered_when_the_time_is_up(buyer: Caller, job: dict[str, Any]) -> None:
    for reply in (
        await buyer.get(f"{JOBS}/{job['id']}?wait=1"),
        await buyer.get(f"{JOBS}/{job['id']}", Prefer="respond-async, wait=1"),
    ):
        assert reply.json["status"] == "queued"


@pytest.mark.parametrize("wait", ["61", "-1", "1.5", "x", ""])
async def test_a_wait_that_is_none_is_refused(buyer: Caller, job: dict[str, Any], wait: str) -> None:
    reply = await buyer.get(f"{JOBS}/{job['id']}?wait={wait}")
    assert (reply.status, reply.error["param"]) == (400, "wait")


async def test_a_stream_tells_the_state_now_and_ends_with_the_ending(buyer: Caller, job: dict[str, Any]) -> None:
    seen: list[tuple[str, dict[str, Any]]] = []
    async with asyncio.timeout(30), buyer.open("GET", f"{JOBS}/{job['id']}/events") as stream:
        assert stream.status == 200
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        async for event in _events(stream):
            seen.append(event)
            if len(seen) == 1:
                await buyer.call("DELETE", f"{JOBS}/{job['id']}")
    assert {name for name, _ in seen} == {"status"}
    assert seen[0][1]["status"] == "queued"
    assert seen[-1][1] == (await buyer.get(f"{JOBS}/{job['id']}")).json


async def test_a_stream_is_for_those_who_may_have_the_job(anyone: Caller, job: dict[str, Any]) -> None:
    assert (await anyone.get(f"{JOBS}/{job['id']}/events")).status == 401
    token = job["job_token"]
    wrong = {"X-Job-Token": token[:-1] + ("E" if token.endswith("A") else "A")}
    assert (await anyone.get(f"{JOBS}/{job['id']}/events", **wrong)).code == "job_not_found"


async def test_jobs_are_listed_newest_first_page_by_page(open_buyer: Any) -> None:
    buyer = await open_buyer()
    made = [(await buyer.order()).json["id"] for _ in range(5)]
    first = (await buyer.get(f"{JOBS}?limit=3")).json
    assert first["object"] == "list"
    assert [job["id"] for job in first["data"]] == made[:1:-1]
    assert (first["has_more"], first["last_id"]) == (True, made[2])
    rest = (await buyer.get(f"{JOBS}?limit=3&after={first['last_id']}")).json
    assert [job["id"] for job in rest["data"]] == [made[1], made[0]]
    assert rest["has_more"] is False
    await buyer.call("DELETE", f"{JOBS}/{made[1]}")
    canceled = (await buyer.get(f"{JOBS}?status=canceled")).json
    assert [job["id"] for job in canceled["data"]] == [made[1]]


@pytest.mark.parametrize(
    ("query", "param"),
    [("limit=0", "limit"), ("limit=101", "limit"), ("status=void", "status"), ("after=x", "after")],
)
async def test_a_page_that_is_none_is_refused(buyer: Caller, query: str, param: str) -> None:
    reply = await buyer.get(f"{JOBS}?{query}")
    assert (reply.status, reply.code, reply.error["param"]) == (400, "invalid_request", param)


async def test_another_buyers_job_answers_like_one_that_never_was(
    anyone: Caller, open_buyer: Any, job: dict[str, Any]
) -> None:
    stranger = await open_buyer(credit=0)
    for method, path in [("GET", "{}"), ("DELETE", "{}"), ("GET", "{}/events"), ("GET", "{}?wait=2")]:
        foreign = await stranger.call(method, f"{JOBS}/{path.format(job['id'])}")
        unknown = await stranger.call(method, f"{JOBS}/{path.format(uuid4())}")
        assert (foreign.status, foreign.body) == (unknown.status, unknown.body) == (404, foreign.body)


async def _events(stream: aiohttp.ClientResponse) -> Any:
    name = ""
    async for raw in stream.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
