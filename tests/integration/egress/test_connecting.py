"""How a connection fails to be made, and that nothing of the request was sent by then."""

import asyncio
import socket
import ssl
from collections.abc import Sequence

import pytest

from shared.egress.failures import Reason
from tests.integration.egress.exchanges import HASTY, failure, post, to
from tests.integration.egress.servers import OK, answering, deaf, resetting_at_once, serving


class Unanswered:
    """Names whose server never answers."""

    async def addresses(self, host: str) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError


class Unknown:
    """No name exists."""

    async def addresses(self, host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


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
