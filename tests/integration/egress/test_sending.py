"""What a server gets to see of a request, and how an exchange fails once it may have been sent."""

import ssl
from contextlib import closing

import pytest

from shared.egress.answer import Body
from shared.egress.failures import EgressFailed, Reason
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.egress.urls import parse_public_url
from tests.integration.egress.exchanges import HASTY, PATIENT, Loopback, failure, post, to
from tests.integration.egress.servers import OK, answering, answering_once, resetting, serving, silent

KEY = "sk-canary-5d2e"


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
