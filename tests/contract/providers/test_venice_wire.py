"""Venice's wire on real sockets: what is sent, and what is made of answers that no server should give."""

import asyncio
import gzip
import socket
from datetime import timedelta

import pytest

from shared.egress.session import GuardedSession, Timeouts
from shared.kernel.secret import Secret
from shared.market.catalogue import shipped_catalogue
from shared.market.parameters import Parameters
from shared.providers.limiter import Limiter
from shared.providers.outcomes import (
    LookAgain,
    NotQuoted,
    Pause,
    Quoted,
    Refused,
    Submitted,
    Unknown,
)
from shared.providers.provider import Access, Handed, Provider
from shared.providers.venice.replies import Lost
from shared.providers.venice.wire import Errand, Wire
from shared.runtime.clock import SystemClock
from tests.contract.providers.raw_server import Ending, access, http, raw_server

ACE = shipped_catalogue()["venice-ace-step-15"]
RAIN = Parameters(ACE.id, "rain", duration_seconds=60)
HANDED = Handed("ace-step-15", "q-1", "music")
QUEUED = http(200, '{"model": "ace-step-15", "queue_id": "q-1", "status": "QUEUED"}')


async def test_a_job_is_posted_with_the_key_and_nothing_that_was_not_said(venice: Provider) -> None:
    async with raw_server(QUEUED) as server:
        assert await venice.submit(access(server), ACE, RAIN) == Submitted("q-1")
    (request,) = server.heard
    assert request.line == "POST /api/v1/audio/queue HTTP/1.1"
    assert request.headers["authorization"] == "Bearer sk-canary"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["content-type"] == "application/json"
    assert request.body == {"model": "ace-step-15", "prompt": "rain", "duration_seconds": 60}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
        b"nonsense\r\n\r\n",
        http(200, "<html>welcome</html>", content_type="text/html"),
        http(200, "{}"),
        http(200, "[]"),
        http(200, "null"),
        http(200, '{"queue_id": 7}'),
        http(200, '{"queue_id": ""}'),
        http(200, '{"queue_id": "a b"}'),
        http(200, '{"queue_id": "line\\nbreak"}'),
        http(200, '{"queue_id": "%s"}' % ("x" * 257)),
        http(200, '{"queue_id": "q", "x": NaN}'),
        http(200, "[" * 100_000),
        http(200, '{"queue_id": "q", "x": "%s"}' % ("x" * 1024 * 1024)),
        http(200, b'{"queue_id": "\xff"}'),
        http(200, gzip.compress(b'{"queue_id": "q"}'), "Content-Encoding: gzip"),
        http(204, ""),
        http(303, "", "Location: https://elsewhere.example/"),
        http(408, '{"error": "slow"}'),
        http(409, '{"error": "seen"}'),
        http(500, '{"error": "failed"}'),
        http(502, "<html>bad gateway</html>", content_type="text/html"),
        http(504, ""),
    ],
    ids=lambda answer: repr(answer[:24] + answer[-24:]),
)
@pytest.mark.parametrize("ending", [Ending.CLOSE, Ending.RESET], ids=lambda ending: ending.name)
async def test_a_submit_without_a_readable_answer_is_unknown(venice: Provider, answer: bytes, ending: Ending) -> None:
    async with raw_server(answer, ending) as server:
        assert isinstance(await venice.submit(access(server), ACE, RAIN), Unknown)
    assert len(server.heard) == 1


async def test_a_submit_that_never_gets_an_answer_is_lost(session: GuardedSession) -> None:
    clock = SystemClock()
    wire = Wire(session, Limiter(clock), clock, allow_private=True)
    brief = Timeouts(timedelta(seconds=0.1), timedelta(seconds=0.2), timedelta(seconds=0.3))
    async with raw_server(b"", Ending.NEVER) as server:
        assert await wire.ask(access(server), Errand("/audio/queue", {}, brief)) == Lost("timeout")


async def test_a_submit_whose_connection_is_never_made_is_refused(venice: Provider) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        nobody = Access(f"http://127.0.0.1:{unheard.getsockname()[1]}", Secret("k"))
        assert await venice.submit(nobody, ACE, RAIN) == Refused("connect failed", Pause.BACKOFF)


async def test_a_submit_whose_connection_ends_before_it_is_secure_is_refused(venice: Provider) -> None:
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        outcome = await venice.submit(Access(f"https://127.0.0.1:{port}", Secret("k")), ACE, RAIN)
    assert isinstance(outcome, Refused)
    assert outcome.pause is Pause.BACKOFF


@pytest.mark.parametrize("base_url", ["http://169.254.169.254", "ftp://example.com", "http://u@example.com"])
async def test_a_submit_to_where_nobody_may_go_is_refused(venice: Provider, base_url: str) -> None:
    outcome = await venice.submit(Access(base_url, Secret("k")), ACE, RAIN)
    assert isinstance(outcome, Refused)
    assert outcome.pause is Pause.BACKOFF
    assert outcome.status is None


@pytest.mark.parametrize("key", ["two\r\nlines", "ключ", "nul\0"])
async def test_a_key_that_no_header_may_carry_is_refused_unsent(venice: Provider, key: str) -> None:
    async with raw_server(QUEUED) as server:
        outcome = await venice.submit(access(server, key), ACE, RAIN)
    assert isinstance(outcome, Refused)
    assert outcome.pause is Pause.KEY
    assert server.heard == []


async def test_an_answer_that_echoes_the_key_does_not_pass_it_on(venice: Provider) -> None:
    async with raw_server(http(401, '{"error": "bad key sk-canary\\nsk-canary"}')) as server:
        assert await venice.submit(access(server), ACE, RAIN) == Refused("bad key … …", Pause.KEY, 401)


async def test_a_throttled_key_is_held_back_without_a_call(venice: Provider) -> None:
    async with raw_server(http(429, '{"error": "slow down"}', "Retry-After: 60")) as server:
        first = await venice.submit(access(server), ACE, RAIN)
        second = await venice.submit(access(server), ACE, RAIN)
        look = await venice.look(access(server), HANDED)
    assert first == Refused("slow down", Pause.THROTTLED, 429, timedelta(seconds=60))
    assert isinstance(second, Refused)
    assert second.pause is Pause.THROTTLED
    assert second.retry_after is not None
    assert timedelta(seconds=50) < second.retry_after <= timedelta(seconds=60)
    assert isinstance(look, LookAgain)
    assert look.after is not None
    assert len(server.heard) == 1


async def test_another_key_at_the_same_place_is_not_held_back(venice: Provider) -> None:
    async with raw_server(http(429, "{}", "Retry-After: 60")) as server:
        await venice.submit(access(server, "one"), ACE, RAIN)
        await venice.submit(access(server, "two"), ACE, RAIN)
    assert len(server.heard) == 2


@pytest.mark.parametrize(
    ("said", "micros"), [("0.03", 30000), ("1", 1_000_000), ("0.0000001", 1), ("0.11500000000000002", 115001)]
)
async def test_a_quote_in_dollars_is_exact_and_rounded_up(venice: Provider, said: str, micros: int) -> None:
    async with raw_server(http(200, f'{{"quote": {said}}}')) as server:
        outcome = await venice.quote(access(server), ACE, RAIN)
    assert isinstance(outcome, Quoted)
    assert outcome.price.micros == micros
    assert server.heard[0].body == {"model": "ace-step-15", "duration_seconds": 60}


@pytest.mark.parametrize(
    "said", ["-1", '"0.03"', "true", "null", "NaN", "Infinity", "1e400", "1e-999999999999999999999", "[1]"]
)
async def test_a_quote_that_is_no_price_is_none(venice: Provider, said: str) -> None:
    async with raw_server(http(200, f'{{"quote": {said}}}')) as server:
        outcome = await venice.quote(access(server), ACE, RAIN)
    assert outcome == NotQuoted("the provider's quote cannot be read", definite=False)
