"""What the server under an application does with bytes that are no request, and with silence."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from shared.runtime.http_server import served

IDLE = timedelta(seconds=1)
GOOD = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/hello", hello)
    async with served(("127.0.0.1", 0), app, drain=timedelta(seconds=1), idle=IDLE) as (_, port):
        yield port


async def said(port: int, sent: bytes) -> bytes:
    """Everything that is answered until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        async with asyncio.timeout(15):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\nLong: " + b"x" * 9000 + b"\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
    ids=lambda sent: repr(sent[:60]),
)
async def test_what_is_no_request_is_a_400_in_our_own_words_and_one_line_in_the_log(port: int, sent: bytes) -> None:
    with capture_logs() as lines:
        head, _, body = (await said(port, sent)).partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == b"400", head
    names = {line.partition(b":")[0].lower() for line in head.splitlines()[1:]}
    assert b"server" not in names
    assert {b"x-request-id", b"x-should-retry", b"x-content-type-options"} <= names
    error = json.loads(body)["error"]
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", None, "invalid_request")
    assert [(line["event"], line["log_level"], "exc_info" in line) for line in lines] == [
        ("unreadable request", "info", False)
    ]


async def test_a_request_before_the_nonsense_is_answered_and_the_connection_ends_after_it(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(15):
        writer.write(GOOD)
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 OK")
        writer.write(b"nonsense\r\n\r\n")
        assert b" 400 " in await reader.read()
    writer.close()


async def test_no_answer_names_what_serves_it(port: int) -> None:
    for request in (GOOD, GOOD.replace(b"hello", b"nowhere")):
        answer = await said(port, request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert b"server:" not in answer.lower()


@pytest.mark.parametrize("first", [b"", GOOD], ids=["at once", "after a request"])
async def test_a_head_that_trickles_in_does_not_hold_its_connection_open(port: int, first: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(first)
    closing = asyncio.create_task(reader.read())
    writer.write(b"GET /hello HTTP/1.1\r\n")
    for number in range(200):
        done, _ = await asyncio.wait({closing}, timeout=0.1)
        if done:
            break
        writer.write(b"X-%d: slow\r\n" % number)
    assert closing.done()
    assert IDLE.total_seconds() * 0.9 <= time.monotonic() - began < 10
    writer.close()


async def test_a_request_that_does_not_end_is_given_the_whole_time_and_no_more() -> None:
    asked, ends = asyncio.Event(), []

    async def endless(_: web.Request) -> web.Response:
        asked.set()
        began = time.monotonic()
        try:
            await asyncio.Event().wait()
        finally:
            ends.append(time.monotonic() - began)
        return web.Response()

    app = web.Application()
    app.router.add_get("/endless", endless)
    async with served(("127.0.0.1", 0), app, drain=timedelta(seconds=1)) as (_, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GOOD.replace(b"hello", b"endless"))
        async with asyncio.timeout(15):
            await asked.wait()
        began = time.monotonic()
    assert 0.9 <= time.monotonic() - began < 1.9
    assert len(ends) == 1
    writer.close()
