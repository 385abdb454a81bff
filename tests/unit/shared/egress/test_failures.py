"""Naming a failure, and telling whether the request can have been sent."""

import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from shared.egress.dialling import AddressBlocked
from shared.egress.failures import EgressFailed, Reason, reason_of

KEY = ConnectionKey("hooks.example.com", 443, True, True, None, None, None)
REQUEST = aiohttp.RequestInfo(URL("https://hooks.example.com"), "POST", {"Authorization": "Bearer canary"})

NEVER_SENT = {
    Reason.UNSENDABLE,
    Reason.BLOCKED_ADDRESS,
    Reason.DNS_FAILED,
    Reason.CONNECT_FAILED,
    Reason.CONNECT_TIMEOUT,
    Reason.TLS_FAILED,
}


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (aiohttp.ClientConnectorDNSError(KEY, AddressBlocked("blocked")), Reason.BLOCKED_ADDRESS),
        (aiohttp.ClientConnectorError(KEY, AddressBlocked("blocked")), Reason.BLOCKED_ADDRESS),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")), Reason.DNS_FAILED),
        (aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "refused")), Reason.CONNECT_FAILED),
        (aiohttp.ClientConnectorError(KEY, ConnectionResetError(104, "reset")), Reason.CONNECT_FAILED),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "handshake")), Reason.TLS_FAILED),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("name")), Reason.TLS_FAILED),
        (aiohttp.ConnectionTimeoutError("connect"), Reason.CONNECT_TIMEOUT),
        (aiohttp.SocketTimeoutError("read"), Reason.TIMEOUT),
        (aiohttp.ServerTimeoutError("server"), Reason.TIMEOUT),
        (TimeoutError(), Reason.TIMEOUT),
        (aiohttp.ServerDisconnectedError(), Reason.RESET),
        (aiohttp.ClientOSError(104, "reset"), Reason.RESET),
        (aiohttp.ClientConnectionResetError("closing"), Reason.RESET),
        (aiohttp.ClientPayloadError("incomplete"), Reason.RESET),
        (ConnectionResetError(104, "reset"), Reason.RESET),
        (aiohttp.ClientResponseError(REQUEST, (), status=400, message="garbage"), Reason.BAD_ANSWER),
        (aiohttp.InvalidURL("https://"), Reason.UNSENDABLE),
        (aiohttp.ClientError(), Reason.RESET),
        (OSError(), Reason.RESET),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_named(failure, reason):
    assert reason_of(failure) is reason


@pytest.mark.parametrize("reason", Reason)
def test_only_what_fails_before_the_connection_stands_is_surely_unsent(reason):
    assert reason.can_have_been_sent is (reason not in NEVER_SENT)


def test_what_is_not_recognised_counts_as_sent():
    assert reason_of(ValueError()).can_have_been_sent


@pytest.mark.parametrize("reason", Reason)
def test_the_error_says_the_reason_and_nothing_else(reason):
    assert str(EgressFailed(reason)) == reason.value
