"""How an exchange fails on real sockets, and whether anything had been sent by then."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import pytest

from shared.egress.answer import Body
from shared.egress.failures import EgressFailed, Reason
from shared.egress.names import SystemNames
from shared.egress.session import NO_HEADERS, Timeouts, open_guarded_session
from shared.egress.urls import CheckedUrl, parse_public_url
from tests.integration.egress.certificates import Authority
from tests.integration.egress.servers import (
    OK,
    answering,
    answering_once,
    deaf,
    resetting,
    resetting_at_once,
    serving,
    silent,
)

MS = timedelta(milliseconds=1)
PATIENT = Timeouts(connect=5000 * MS, read=5000 * MS, total=8000 * MS)
HASTY = Timeouts(connect=200 * MS, read=200 * MS, total=1000 * MS)
KEY = "sk-canary-5d2e"


class Loopback:
    """Names that all are this machine."""

    async def addresses(self, host: str) -> Sequence[str]:
        return ["127.0.0.1"]


class Unanswered:
    """Names whose server never answers."""

    async def addresses(self, host: str) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError


class Unknown:
    """No name exists."""

    async def addresses(self, host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def to(port: int, *, scheme: str = "http", host: str = "127.0.0.1") -> CheckedUrl:
    return parse_public_url(f"{scheme}://{host}:{port}/submit?token=T0KEN", allow_private=True)


async def post(url, *, names=None, tls=None, timeouts=PATIENT, headers=NO_HEADERS, method="POST") -> Body:
    async with (
        open_guarded_session(names or Loopback(), allow_private=True, tls=tls) as session,
        session.request(method, url, timeouts=timeouts, headers=headers, body=b'{"model": "m"}') as answer,
    ):
        return await answer.read_capped(1024)


async def failure(url, **how) -> Reason:
    with pytest.raises(EgressFailed) as failed:
        await post(url, **how)
    return failed.value.reason


async def test_a_request_arrives_as_it_was_given_and_asks_for_no_encoding():
    async with serving(answering(OK)) as server:
        body = await post(to(server.port), headers={"Authorization": f"Bearer {KEY}"})
    assert body == Body(b"{}", whole=True)
    [request] = server.requests
    head, sent = request.split(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /submit?token=T0KEN HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}" in lines
    assert f"Authorization: Bearer {KEY}" in lines
    assert "Accept-Encoding: identity" in lines
    assert sent == b'{"model": "m"}'


async def test_a_name_is_resolved_by_the_system_and_reached_by_tls(authority):
    async with serving(answering(OK), tls=authority.server("localhost")) as server:
        with closing(SystemNames()) as names:
            url = to(server.port, scheme="https", host="localhost")
            assert (await post(url, names=names, tls=authority.trusting())).data == b"{}"


async def test_the_path_goes_out_letter_for_letter():
    async with serving(answering(OK)) as server:
        text = f"http://127.0.0.1:{server.port}/a/../%7E/%2e/b//c;d?x[]=%41&y=+"
        await post(parse_public_url(text, allow_private=True))
    assert server.requests[0].startswith(b"POST /a/../%7E/%2e/b//c;d?x[]=%41&y=+ HTTP/1.1\r\n")


# What fails before the connection stands: nothing of the request was sent.


async def test_a_port_where_nobody_listens_is_connect_failed():
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        reason = await failure(to(unheard.getsockname()[1]))
    assert reason is Reason.CONNECT_FAILED
    assert not reason.can_have_been_sent


async def test_a_host_that_takes_no_more_connections_is_connect_timeout():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        try:
            for _ in range(4):  # more than a backlog of 0 admits
                sock = socket.socket()
                sock.setblocking(False)
                sock.connect_ex(full.getsockname())
                waiting.append(sock)
            reason = await failure(to(full.getsockname()[1]), timeouts=HASTY)
        finally:
            for sock in waiting:
                sock.close()
    assert reason is Reason.CONNECT_TIMEOUT
    assert not reason.can_have_been_sent


async def test_a_name_server_that_does_not_answer_is_connect_timeout():
    reason = await failure(to(443, host="hooks.example.com"), names=Unanswered(), timeouts=HASTY)
    assert reason is Reason.CONNECT_TIMEOUT
    assert not reason.can_have_been_sent


async def test_a_name_that_does_not_exist_is_dns_failed():
    reason = await failure(to(443, host="hooks.example.com"), names=Unknown())
    assert reason is Reason.DNS_FAILED
    assert not reason.can_have_been_sent


async def test_a_server_deaf_to_tls_is_connect_timeout():
    async with serving(deaf) as server:
        reason = await failure(to(server.port, scheme="https"), timeouts=HASTY)
    assert reason is Reason.CONNECT_TIMEOUT
    assert not reason.can_have_been_sent


async def test_a_reset_during_the_tls_handshake_is_unsent():
    async with serving(resetting_at_once) as server:
        reason = await failure(to(server.port, scheme="https"))
    assert reason in {Reason.CONNECT_FAILED, Reason.TLS_FAILED}
    assert not reason.can_have_been_sent


async def test_a_server_that_answers_tls_in_plain_http_is_tls_failed():
    async def speak_first(server, reader, writer):
        await reader.read(1)
        writer.write(OK)
        await reader.read()

    async with serving(speak_first) as server:
        reason = await failure(to(server.port, scheme="https"))
    assert reason is Reason.TLS_FAILED
    assert not reason.can_have_been_sent


async def _tls_reason(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext | None) -> Reason:
    async with serving(answering(OK), tls=server_tls) as server:
        reason = await failure(to(server.port, scheme="https", host="hooks.example.com"), tls=client_tls)
    assert server.requests == []
    return reason


async def test_an_unknown_authority_is_tls_failed(authority):
    assert await _tls_reason(authority.server("hooks.example.com"), None) is Reason.TLS_FAILED


async def test_a_certificate_for_another_name_is_tls_failed(authority):
    assert await _tls_reason(authority.server("other.example.com"), authority.trusting()) is Reason.TLS_FAILED


async def test_an_expired_certificate_is_tls_failed(authority):
    expired = authority.server("hooks.example.com", expired=True)
    assert await _tls_reason(expired, authority.trusting()) is Reason.TLS_FAILED


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
async def test_tls_below_1_2_is_refused(authority):
    old, lenient = authority.server("hooks.example.com"), authority.trusting()
    for context in (old, lenient):
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with serving(answering(OK), tls=old) as server:
        url = to(server.port, scheme="https", host="hooks.example.com")
        assert (await post(url, tls=lenient)).data == b"{}"
        reason = await failure(url, tls=authority.trusting())
    assert not reason.can_have_been_sent
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Id": "a\r\nX-Admin: 1"},
        {"X-Id": "a\nb"},
        {"X-Id": "a\0"},
        {"X-Id": "\x7f"},
        {"X-Id": "clé"},
        {"X-Id\r\nX-Admin": "1"},
        {"X Id": "1"},
        {"": "1"},
    ],
    ids=ascii,
)
async def test_a_header_that_would_break_out_of_its_line_is_unsendable(headers):
    async with serving(answering(OK)) as server:
        reason = await failure(to(server.port), headers=headers)
    assert reason is Reason.UNSENDABLE
    assert not reason.can_have_been_sent
    assert server.connections == 0


# What fails afterwards: the server may have acted.


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize("behave", [resetting, answering_once(b"")], ids=["reset", "hang up"])
async def test_a_connection_lost_before_the_answer_may_have_been_sent_and_is_not_sent_again(behave, method):
    async with serving(behave) as server:
        reason = await failure(to(server.port), method=method)
    assert reason is Reason.RESET
    assert reason.can_have_been_sent
    assert len(server.requests) == 1


async def test_a_server_that_does_not_answer_is_timeout():
    async with serving(silent) as server:
        reason = await failure(to(server.port), timeouts=HASTY)
    assert reason is Reason.TIMEOUT
    assert reason.can_have_been_sent
    assert len(server.requests) == 1


async def test_a_client_certificate_that_is_asked_for_counts_as_sent(authority):
    strict = authority.server("hooks.example.com")
    strict.verify_mode = ssl.CERT_REQUIRED
    strict.minimum_version = ssl.TLSVersion.TLSv1_3
    async with serving(answering(OK), tls=strict) as server:
        url = to(server.port, scheme="https", host="hooks.example.com")
        assert (await failure(url, tls=authority.trusting())).can_have_been_sent


@pytest.mark.parametrize(
    "raw",
    [
        b"\0\1\2\3\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"a" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n",
    ],
    ids=["binary", "ssh", "status", "negative", "two lengths", "long header", "long reason", "many headers"],
)
async def test_what_is_not_http_is_a_bad_answer(raw):
    async with serving(answering_once(raw)) as server:
        reason = await failure(to(server.port))
    assert reason is Reason.BAD_ANSWER
    assert reason.can_have_been_sent


async def test_no_failure_carries_the_key_or_the_url(authority):
    async with serving(answering_once(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")) as server:
        with pytest.raises(EgressFailed) as failed:
            await post(to(server.port), headers={"Authorization": f"Bearer {KEY}"})
    error = failed.value
    shown = f"{error!r} {error} {error.__cause__} {error.args}"
    assert error.__suppress_context__
    assert KEY not in shown
    assert "T0KEN" not in shown


async def test_cookies_are_forgotten():
    raw = OK.replace(b"Content-Type", b"Set-Cookie: session=1\r\nContent-Type")
    async with serving(answering(raw)) as server, open_guarded_session(Loopback(), allow_private=True) as session:
        url = to(server.port, host="hooks.example.com")
        for _ in range(2):
            async with session.request("GET", url, timeouts=PATIENT) as answer:
                assert answer.headers["Set-Cookie"] == "session=1"
    assert not any(b"cookie" in request.lower() for request in server.requests)
