"""Dialling for strangers: addresses are filtered when a name is looked up and judged again at the socket."""

import socket
import ssl
from datetime import timedelta

from aiohttp import AddrInfoType, SocketFactoryType, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from shared.egress.addresses import may_dial
from shared.egress.names import Names


class AddressBlocked(OSError):
    """No socket was opened, for the address may not be dialled.  An OSError, so that aiohttp lets it through."""


class AllowedNames(AbstractResolver):
    """Gives aiohttp only the addresses of a name that may be dialled; ``AddressBlocked`` when none is."""

    def __init__(self, names: Names, *, allow_private: bool) -> None:
        self._names = names
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look ``host`` up afresh.  Raises ``OSError`` when there is nothing to dial."""
        found = await self._names.addresses(host)
        allowed = [address for address in found if may_dial(address, allow_private=self._allow_private)]
        if not allowed:
            raise AddressBlocked("none of the addresses of this name may be dialled")
        return [_resolved(host, address, port) for address in allowed]

    async def close(self) -> None:
        """Close nothing: the names belong to the caller."""


def guarded_sockets(*, allow_private: bool) -> SocketFactoryType:
    """Return a socket factory that judges the very address about to be dialled, however it was come by.

    This is the authority: aiohttp asks no resolver about literal addresses.
    """

    def open_socket(dialled: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = dialled
        if not may_dial(str(address[0]), allow_private=allow_private):
            raise AddressBlocked("this address may not be dialled")
        return socket.socket(family, kind, protocol)

    return open_socket


def guarded_connector(
    resolver: AbstractResolver,
    *,
    allow_private: bool,
    tls: ssl.SSLContext,
    connections: int,
    keep_alive: timedelta | None,
) -> TCPConnector:
    """Return a connector whose every connection was judged when it was made and stays at that address.

    Names are looked up for each connection and never remembered.  Without
    ``keep_alive`` a connection serves one request.
    """
    return TCPConnector(
        resolver=resolver,
        use_dns_cache=False,
        socket_factory=guarded_sockets(allow_private=allow_private),
        ssl=tls,
        limit=connections,
        force_close=keep_alive is None,
        keepalive_timeout=None if keep_alive is None else keep_alive.total_seconds(),
    )


def verified_tls() -> ssl.SSLContext:
    """Return the TLS that strangers get: certificate and name verified, 1.2 at least.  Reads files: call at start."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=numeric)
