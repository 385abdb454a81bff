"""Why an exchange with a stranger's server failed, and whether the request can have reached it."""

from enum import StrEnum

import aiohttp

from shared.egress.dialling import AddressBlocked


class Reason(StrEnum):
    """A cause in one word, safe to store and to show: it tells nothing that the stranger did not know."""

    UNSENDABLE = "unsendable"
    BLOCKED_ADDRESS = "blocked_address"
    DNS_FAILED = "dns_failed"
    CONNECT_FAILED = "connect_failed"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_FAILED = "tls_failed"
    TIMEOUT = "timeout"
    RESET = "reset"
    BAD_ANSWER = "bad_answer"
    TOO_LARGE = "too_large"

    @property
    def can_have_been_sent(self) -> bool:
        """Whether the server may have acted on the request.  False is certain, True is not."""
        return self not in _BEFORE_SENDING


_BEFORE_SENDING = frozenset(
    {
        Reason.UNSENDABLE,
        Reason.BLOCKED_ADDRESS,
        Reason.DNS_FAILED,
        Reason.CONNECT_FAILED,
        Reason.CONNECT_TIMEOUT,
        Reason.TLS_FAILED,
    }
)


class EgressFailed(Exception):
    """There is no answer, or no more of it, for ``reason``.

    Raised without its cause: aiohttp's errors carry the request's headers, and with
    them the key.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


# The first match counts, so what is narrower comes first.  aiohttp raises ConnectionTimeoutError and the
# ClientConnectorError family only from its connector, where no byte of a request has been written: this is
# read in its source (3.14) and tested here with sockets.  Its other errors do not tell how far it came.
_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (
    (aiohttp.InvalidURL, Reason.UNSENDABLE),
    (aiohttp.ClientConnectorDNSError, Reason.DNS_FAILED),
    (aiohttp.ClientSSLError, Reason.TLS_FAILED),
    (aiohttp.ClientConnectorError, Reason.CONNECT_FAILED),
    (aiohttp.ConnectionTimeoutError, Reason.CONNECT_TIMEOUT),
    (TimeoutError, Reason.TIMEOUT),
    (aiohttp.ClientResponseError, Reason.BAD_ANSWER),
)

FAILURES = (aiohttp.ClientError, OSError)
"""What aiohttp raises when an exchange fails (``TimeoutError`` is an ``OSError``); anything else is a bug."""


def reason_of(failure: BaseException) -> Reason:
    """Return why an exchange failed.  What is not recognised counts as broken off after sending."""
    if isinstance(failure, aiohttp.ClientConnectorError) and isinstance(failure.os_error, AddressBlocked):
        return Reason.BLOCKED_ADDRESS
    return next((reason for kind, reason in _REASONS if isinstance(failure, kind)), Reason.RESET)
