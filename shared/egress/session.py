"""The session for strangers' servers: the only way in this project to request a URL that someone else chose."""

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

import aiohttp
from yarl import URL

from shared.egress.answer import Answer
from shared.egress.dialling import AllowedNames, guarded_connector, verified_tls
from shared.egress.failures import FAILURES, EgressFailed, Reason, reason_of
from shared.egress.names import Names
from shared.egress.urls import CheckedUrl

MAX_HEADER_BYTES = 8 * 1024
MAX_HEADERS = 64
MAX_CONNECTIONS = 100

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_DEFAULT_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "Busker"}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one exchange may take.

    ``connect`` covers the wait for a free connection, the look-up, dialling and TLS;
    ``read`` the silence between two pieces of the answer; ``total`` everything, to the
    body's last byte.  ``connect`` must be the shortest of a request that may not be
    sent twice: when ``total`` ends first, nobody knows whether the request was sent.
    """

    connect: timedelta
    read: timedelta
    total: timedelta


class GuardedSession:
    """Sends each request once, to public addresses, and follows nothing.

    There is no way to ask for redirects, cookies, a proxy, decompression or unverified
    TLS.  Connections are shared by all users of one session, credentials are not: they
    are what the caller puts into the headers.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: CheckedUrl,
        *,
        timeouts: Timeouts,
        headers: Mapping[str, str] = NO_HEADERS,
        body: bytes | None = None,
    ) -> AsyncIterator[Answer]:
        """Send one request and yield the answer once its headers are there; the body is read by the caller.

        Raises ``EgressFailed``.  What the caller's own block raises passes unchanged.
        """
        _check(headers)
        try:
            response = await self._session.request(
                method,
                # encoded: as it was checked, without another library's idea of quoting
                URL(url.text, encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=_client_timeout(timeouts),
            )
        except FAILURES as failure:
            raise EgressFailed(reason_of(failure)) from None
        try:
            yield Answer(response)
        finally:
            response.close()


@asynccontextmanager
async def open_guarded_session(
    names: Names,
    *,
    allow_private: bool,
    keep_alive: timedelta | None = None,
    connections: int = MAX_CONNECTIONS,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[GuardedSession]:
    """Open a session and close it, with all its connections, at the end.

    ``keep_alive`` is how long an idle connection waits for its next request.  A server
    may close one just as a request leaves, and nobody knows then whether it was read:
    where a request must not be repeated, leave it None, one connection a request.
    ``tls`` replaces ``verified_tls`` where a test brings its own authority.
    """
    connector = guarded_connector(
        AllowedNames(names, allow_private=allow_private),
        allow_private=allow_private,
        tls=tls or verified_tls(),
        connections=connections,
        keep_alive=keep_alive,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        headers=_DEFAULT_HEADERS,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
        max_headers=MAX_HEADERS,
        middlewares=[_send_once],
    ) as session:
        yield GuardedSession(session)


async def _send_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Name a failure before aiohttp sees it: it would send a GET, PUT or DELETE a second time by itself."""
    try:
        return await send(request)
    except FAILURES as failure:
        raise EgressFailed(reason_of(failure)) from None


def _check(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
            raise EgressFailed(Reason.UNSENDABLE)


def _client_timeout(timeouts: Timeouts) -> aiohttp.ClientTimeout:
    connect = timeouts.connect.total_seconds()
    return aiohttp.ClientTimeout(
        total=timeouts.total.total_seconds(),
        connect=connect,
        sock_connect=connect,
        sock_read=timeouts.read.total_seconds(),
    )
