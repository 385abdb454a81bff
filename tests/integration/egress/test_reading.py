"""An answer is read up to its limit, whatever the server sends."""

import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest

from shared.egress.answer import CHUNK_BYTES, Body
from shared.egress.failures import EgressFailed, Reason
from shared.egress.session import Timeouts, open_guarded_session
from shared.egress.urls import parse_public_url
from tests.integration.egress.exchanges import MS, PATIENT, Loopback
from tests.integration.egress.servers import OK, answering, answering_once, serving

KIB = 1024
MIB = 1024 * KIB


@asynccontextmanager
async def answer_from(server, *, timeouts=PATIENT):
    url = parse_public_url(f"http://127.0.0.1:{server.port}/", allow_private=True)
    async with (
        open_guarded_session(Loopback(), allow_private=True) as session,
        session.request("GET", url, timeouts=timeouts) as answer,
    ):
        yield answer


def with_length(body: bytes, *, length: int | None = None, extra: str = "") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) if length is None else length}\r\n{extra}\r\n"
    return head.encode() + body


async def endless(server, reader, writer):
    """Send zeros for as long as they are taken."""
    await server.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(bytes(CHUNK_BYTES))
        await writer.drain()


async def trickling(server, reader, writer):
    """Send a byte now and then, for ever."""
    await server.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not await _closed_within(reader, 0.02):
        writer.write(b"a")


async def _closed_within(reader: asyncio.StreamReader, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(reader.read(1), seconds) == b""
    except TimeoutError:
        return False


async def test_status_headers_and_type_are_there_before_the_body():
    async with serving(endless) as server, answer_from(server) as answer:
        assert answer.status == 200
        assert answer.content_type == "application/octet-stream"
    async with serving(answering(OK)) as server, answer_from(server) as answer:
        assert answer.content_type == "application/json"
        assert answer.headers["content-length"] == "2"


@pytest.mark.parametrize(
    ("size", "whole"), [(0, True), (1, True), (16 * KIB, True), (16 * KIB + 1, False), (MIB, False)]
)
async def test_a_body_is_read_to_its_limit_and_says_whether_that_was_all(size, whole):
    async with serving(answering_once(with_length(b"a" * size))) as server, answer_from(server) as answer:
        assert await answer.read_capped(16 * KIB) == Body(b"a" * min(size, 16 * KIB), whole)


async def test_an_endless_body_is_left_at_the_limit():
    async with serving(endless) as server, answer_from(server) as answer:
        assert await answer.read_capped(100) == Body(bytes(100), whole=False)


async def test_a_bomb_is_not_unpacked():
    bomb = gzip.compress(bytes(64 * MIB))
    assert len(bomb) < 100 * KIB
    raw = with_length(bomb, extra="Content-Encoding: gzip\r\n")
    async with serving(answering_once(raw)) as server, answer_from(server) as answer:
        body = await answer.read_capped(16 * KIB)
    assert body == Body(bomb[: 16 * KIB], whole=False)


async def test_chunks_are_the_body_in_order_and_of_bounded_size():
    sent = b"".join(n.to_bytes(4, "big") for n in range(MIB // 4))
    async with serving(answering_once(with_length(sent))) as server, answer_from(server) as answer:
        received = [chunk async for chunk in answer.chunks(MIB)]
    assert b"".join(received) == sent
    assert max(map(len, received)) <= CHUNK_BYTES


async def test_chunks_beyond_the_limit_are_too_large_and_not_given():
    received = 0
    async with serving(endless) as server, answer_from(server) as answer:
        with pytest.raises(EgressFailed) as failed:
            async for chunk in answer.chunks(MIB):
                received += len(chunk)
    assert failed.value.reason is Reason.TOO_LARGE
    assert received <= MIB


@pytest.mark.parametrize(
    "raw",
    [
        with_length(b"half", length=8),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n",
    ],
    ids=["short of its length", "no last chunk", "within a chunk", "not a chunk"],
)
@pytest.mark.parametrize("way", ["read_capped", "chunks"])
async def test_a_body_that_breaks_off_is_a_failure(raw, way):
    async with serving(answering_once(raw)) as server:
        with pytest.raises(EgressFailed) as failed:
            async with answer_from(server) as answer:
                if way == "read_capped":
                    await answer.read_capped(KIB)
                else:
                    [_ async for _ in answer.chunks(KIB)]
    assert failed.value.reason in {Reason.RESET, Reason.BAD_ANSWER}
    assert failed.value.reason.can_have_been_sent


async def test_silence_within_a_body_is_timeout():
    async def halting(server, reader, writer):
        await server.request(reader)
        writer.write(with_length(b"half", length=8))
        await asyncio.Event().wait()

    hasty = Timeouts(connect=1000 * MS, read=100 * MS, total=5000 * MS)
    async with serving(halting) as server, answer_from(server, timeouts=hasty) as answer:
        with pytest.raises(EgressFailed, match="timeout"):
            await answer.read_capped(KIB)


async def test_a_body_that_trickles_is_cut_at_the_total():
    hasty = Timeouts(connect=1000 * MS, read=1000 * MS, total=300 * MS)
    async with serving(trickling) as server, answer_from(server, timeouts=hasty) as answer:
        with pytest.raises(EgressFailed, match="timeout"):
            await answer.read_capped(KIB)


async def test_what_the_callers_block_raises_passes_unchanged():
    async with serving(answering(OK)) as server:
        with pytest.raises(TimeoutError, match="of my own"):
            async with answer_from(server):
                raise TimeoutError("of my own")


async def test_leaving_early_closes_the_connection():
    closed = asyncio.Event()

    async def watching(server, reader, writer):
        await server.request(reader)
        writer.write(with_length(b"a", length=10))
        await reader.read()
        closed.set()

    async with serving(watching) as server, open_guarded_session(Loopback(), allow_private=True) as session:
        url = parse_public_url(f"http://127.0.0.1:{server.port}/", allow_private=True)
        async with session.request("GET", url, timeouts=PATIENT):
            pass
        await asyncio.wait_for(closed.wait(), 5)
