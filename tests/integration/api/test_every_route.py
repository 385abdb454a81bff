"""What holds for every row of the table of routes, whoever adds the next one."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import uuid4

import pytest

from services.api.entrypoints.http.call import Route, Who
from services.api.entrypoints.http.routes import ROUTES
from tests.integration.api.caller import Caller
from tests.kit.processes import Service

SELLERS = {Who.SELLER}
BUYERS = {Who.BUYER, Who.BUYER_OR_TOKEN}


def shown(route: Route) -> str:
    return f"{route.method} {route.path}"


def somewhere(route: Route) -> str:
    """The path with ids that never were."""
    return re.sub(r"{\w+}", lambda _: str(uuid4()), route.path)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.who is not Who.PUBLIC], ids=shown)
async def test_a_guarded_route_is_shut_without_a_key(anyone: Caller, route: Route) -> None:
    for caller in (anyone, anyone.with_key("nonsense")):
        reply = await caller.call(route.method, somewhere(route))
        assert reply.status == 401
        assert route.method == "HEAD" or reply.code == "invalid_api_key"


@pytest.mark.parametrize("route", [route for route in ROUTES if route.who in BUYERS | SELLERS], ids=shown)
async def test_a_route_is_shut_to_keys_of_the_other_side(seller: Caller, buyer: Caller, route: Route) -> None:
    other = buyer if route.who in SELLERS else seller
    assert (await other.call(route.method, somewhere(route))).status == 403


@pytest.mark.parametrize("route", [route for route in ROUTES if "_id}" in route.path], ids=shown)
async def test_an_id_that_never_was_is_not_found(buyer: Caller, seller: Caller, operator: Caller, route: Route) -> None:
    caller = operator if route.who is Who.ADMIN else seller if route.who in SELLERS else buyer
    credit = {"amount_usdc": "1", "reference": "x"} if "credits" in route.path else {}
    reply = await caller.call(route.method, somewhere(route), json=credit)
    assert reply.status == 404


@pytest.mark.parametrize("route", ROUTES, ids=shown)
async def test_every_answer_carries_a_request_id_and_no_server(buyer: Caller, route: Route) -> None:
    async with buyer.open(route.method, somewhere(route)) as answer:
        assert answer.headers["X-Request-Id"]
        assert "Server" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.status < 500


@pytest.mark.parametrize("head", [b"Content-Length: 100", b"Transfer-Encoding: chunked"])
async def test_a_body_that_breaks_off_is_nobodys_bug(api: Service, buyer: Caller, head: bytes) -> None:
    host, port = api.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    lines = [
        b"POST /v1/music/generations HTTP/1.1",
        b"Host: x",
        b"Content-Type: application/json",
        b"X-Request-Id: broke-off",
        f"Authorization: Bearer {buyer.key}".encode(),
        head,
    ]
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n5\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await buyer.get("/v1/buyer/me")).status == 200
    assert '"event": "bug"' not in api.log.read_text()


async def test_under_a_minimum_discount_the_same_routes_answer(buyer: Caller, market: dict[str, Any]) -> None:
    for route in ROUTES:
        if route.minimum and route.method != "POST":
            plain = await buyer.call(route.method, somewhere(route))
            under = await buyer.call(route.method, "/min0" + somewhere(route))
            assert (under.status, under.body) == (plain.status, plain.body)
