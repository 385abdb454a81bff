"""Audio that does not arrive as it should."""

import asyncio
import zlib

import aiohttp
import pytest

from tests.integration.simulator.caller import Caller


async def test_audio_can_be_cut_under_an_honest_length(caller: Caller) -> None:
    job = await caller.rendered()
    await caller.misbehave({"do": "cut", "bytes": 1000})
    async with caller.open("retrieve", job) as response:
        assert int(response.headers["Content-Length"]) > 1000
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


async def test_audio_can_be_cut_under_a_length_that_covers_it_up(caller: Caller) -> None:
    job = await caller.queue()
    whole = await caller.audio(job)
    await caller.misbehave({"do": "cut", "share": 0.25, "framing": "lying"})
    part = await caller.audio(job)
    assert part.body == whole.body[: len(whole.body) // 4]
    assert part.headers["Content-Length"] == str(len(part.body))


async def test_audio_can_be_cut_between_chunks(caller: Caller) -> None:
    job = await caller.rendered()
    await caller.misbehave({"do": "cut", "framing": "chunked"})
    async with caller.open("retrieve", job) as response:
        assert "Content-Length" not in response.headers
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


async def test_audio_can_stop_coming_while_the_connection_stays(caller: Caller) -> None:
    job = await caller.rendered()
    await caller.misbehave({"do": "cut", "bytes": 1000, "stall": True})
    async with caller.open("retrieve", job) as response:
        assert len(await response.content.readexactly(1000)) == 1000
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(response.content.readany(), 0.1)


async def test_audio_can_come_a_byte_at_a_time(caller: Caller) -> None:
    job = await caller.rendered()
    await caller.misbehave({"do": "trickle"})
    async with caller.open("retrieve", job) as response:
        assert await response.content.readany() == b"f"


async def test_audio_can_be_mislabelled(caller: Caller) -> None:
    job = await caller.rendered()
    await caller.misbehave({"do": "mislabel", "content_type": "text/plain"})
    reply = await caller.call("retrieve", job)
    assert reply.headers["Content-Type"] == "text/plain"
    assert reply.body.startswith(b"fLaC")


@pytest.mark.parametrize(("form", "start"), [("random", None), ("html", b"<!doctype"), ("empty", b"")])
async def test_what_calls_itself_audio_can_be_anything(caller: Caller, form: str, start: bytes | None) -> None:
    job = await caller.queue()
    await caller.misbehave({"do": "fake_audio", "form": form, "bytes": 5000})
    reply = await caller.audio(job)
    assert reply.headers["Content-Type"] == "audio/flac"
    assert not reply.body.startswith(b"fLaC")
    assert reply.body.startswith(start) if start else len(reply.body) in {0, 5000}


async def test_audio_can_be_a_gzip_bomb(caller: Caller) -> None:
    job = await caller.rendered()
    await caller.misbehave({"do": "fake_audio", "form": "gzip_bomb", "bytes": 64 * 2**20})
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        Caller(session, caller.address).open("retrieve", job) as response,
    ):
        assert response.headers["Content-Encoding"] == "gzip"
        bomb = await response.read()
    assert len(bomb) < 2**20
    assert len(zlib.decompressobj(31).decompress(bomb)) >= 64 * 2**20


async def test_audio_can_have_no_end(caller: Caller) -> None:
    job = await caller.queue()
    length = len((await caller.audio(job)).body)
    await caller.misbehave({"do": "fake_audio", "form": "endless"})
    async with caller.open("retrieve", job) as response:
        assert len(await response.content.readexactly(3 * length)) == 3 * length


async def test_a_spoilt_retrieval_strikes_audio_and_leaves_progress_alone(caller: Caller) -> None:
    await caller.control("PUT", "/timing", {"render_seconds": 600})
    unfinished = await caller.queue()
    await caller.control("PUT", "/timing", {"render_seconds": 0})
    finished = await caller.rendered()
    await caller.misbehave({"do": "mislabel", "times": 1})
    assert (await caller.call("retrieve", unfinished)).json["status"] == "PROCESSING"
    assert (await caller.call("retrieve", finished)).headers["Content-Type"] == "application/octet-stream"
