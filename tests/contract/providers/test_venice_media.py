"""Venice's media on real sockets: looked at without being read, and never taken for whole when it is not."""

import asyncio
import gzip
from datetime import timedelta

import pytest

from shared.egress.session import GuardedSession
from shared.providers.outcomes import (
    Forgotten,
    LookAgain,
    Missing,
    NotForgotten,
    Ready,
)
from shared.providers.provider import FetchFailed, Handed, NotReady, Provider
from shared.providers.registry import open_providers
from shared.runtime.clock import SystemClock
from tests.contract.providers.raw_server import Ending, access, http, raw_server

HANDED = Handed("ace-step-15", "q-1", "music")
SOON = timedelta(seconds=10)


async def test_looking_and_fetching_never_ask_for_deletion(venice: Provider) -> None:
    async with raw_server(http(200, b"ID3", content_type="audio/mpeg")) as server:
        await venice.look(access(server), HANDED)
        async with venice.fetch(access(server), HANDED, within=SOON):
            pass
    assert [request.body for request in server.heard] == [{"model": "ace-step-15", "queue_id": "q-1"}] * 2


async def test_a_look_leaves_the_media_unread(venice: Provider) -> None:
    begun = b"HTTP/1.1 200 OK\r\nContent-Type: Audio/MPEG; x=y\r\nContent-Length: 9999999\r\n\r\nID3"
    async with raw_server(begun, Ending.NEVER) as server:
        assert await venice.look(access(server), HANDED) == Ready("audio/mpeg")
        async with asyncio.timeout(5):
            await server.hung_up.wait()


@pytest.mark.parametrize(
    "answer",
    [
        http(302, "", "Location: http://127.0.0.1/"),
        http(500, ""),
        http(500, "<html>oops</html>", content_type="text/html"),
        http(503, '{"error": "full"}'),
        b"",
    ],
    ids=lambda answer: repr(answer[:24] + answer[-24:]),
)
async def test_a_look_that_tells_nothing_asks_to_look_again(venice: Provider, answer: bytes) -> None:
    async with raw_server(answer) as server:
        assert isinstance(await venice.look(access(server), HANDED), LookAgain)


@pytest.mark.parametrize(
    "answer",
    [
        http(200, '{"status": "COMPLETED"}'),
        http(200, "<html>", content_type="text/html"),
        http(206, b"ID3", content_type="audio/mpeg"),
        http(404, '{"error": "not found"}'),
    ],
    ids=lambda answer: repr(answer[:24] + answer[-24:]),
)
async def test_a_look_that_shows_nothing_of_the_job_finds_it_missing(venice: Provider, answer: bytes) -> None:
    async with raw_server(answer) as server:
        assert isinstance(await venice.look(access(server), HANDED), Missing)


async def test_media_without_a_stated_end_is_refused(venice: Provider) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\nID3") as server:
        with pytest.raises(FetchFailed, match="does not say where the media ends"):
            async with venice.fetch(access(server), HANDED, within=SOON):
                pytest.fail("nothing was opened")


async def test_compressed_media_is_refused(venice: Provider) -> None:
    bomb = http(200, gzip.compress(bytes(10**6)), "Content-Encoding: gzip", content_type="audio/mpeg")
    async with raw_server(bomb) as server:
        with pytest.raises(FetchFailed, match="compressed"):
            async with venice.fetch(access(server), HANDED, within=SOON):
                pytest.fail("nothing was opened")


async def test_media_that_does_not_arrive_in_time_is_given_up(venice: Provider) -> None:
    begun = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 9999\r\n\r\nID3"
    async with raw_server(begun, Ending.NEVER) as server:
        with pytest.raises(FetchFailed, match="timeout") as failed:
            async with venice.fetch(access(server), HANDED, within=timedelta(seconds=0.3)) as body:
                async for _ in body.chunks:
                    pass
    assert failed.value.retryable


class Hurried(SystemClock):
    """A stopwatch on which ten seconds pass between any two looks at it."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def monotonic(self) -> float:
        self._seconds += 10.0
        return self._seconds


async def test_media_that_trickles_is_given_up(session: GuardedSession) -> None:
    hasty = open_providers(session, Hurried(), allow_private=True)["venice"]
    pieces = b"".join(b"1000\r\n" + bytes(4096) + b"\r\n" for _ in range(256)) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with raw_server(head + pieces) as server:
        with pytest.raises(FetchFailed, match="too slowly") as failed:
            async with hasty.fetch(access(server), HANDED, within=SOON) as body:
                async for _ in body.chunks:
                    pass
    assert failed.value.retryable


async def test_news_in_place_of_media_means_that_it_is_not_ready(venice: Provider) -> None:
    news = '{"status": "PROCESSING", "average_execution_time": 20000, "execution_duration": 5200.5}'
    async with raw_server(http(200, news)) as server:
        with pytest.raises(NotReady):
            async with venice.fetch(access(server), HANDED, within=SOON):
                pytest.fail("nothing was opened")


@pytest.mark.parametrize(
    ("answer", "forgotten"),
    [
        (http(200, '{"success": true}'), True),
        (http(404, '{"error": "Media could not be found"}'), True),
        (http(200, '{"success": false}'), False),
        (http(200, "true"), False),
        (http(500, '{"error": "later"}'), False),
        (b"", False),
    ],
)
async def test_media_is_forgotten_when_the_provider_says_so(venice: Provider, answer: bytes, forgotten: bool) -> None:
    async with raw_server(answer) as server:
        outcome = await venice.forget(access(server), HANDED)
    assert isinstance(outcome, Forgotten if forgotten else NotForgotten)
    assert server.heard[0].line == "POST /api/v1/audio/complete HTTP/1.1"
