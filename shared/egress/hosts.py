"""The host of a stranger's URL: one canonical spelling, or a refusal."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

from shared.egress.addresses import may_dial
from shared.egress.refusals import Refusal, UrlNotAllowed

MAX_HOST = 253
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)

# Reserved by RFC 6761, 6762, 7686, 8375, 9476 and, for .internal, by ICANN.
_SPECIAL_USE = frozenset({"alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"})
# Resolved inside by home routers, offices and container platforms; none is delegated.
_INSIDE = frozenset({"cluster", "consul", "corp", "docker", "home", "intranet", "lan", "localdomain", "private", "svc"})


def canonical_host(raw: str, *, allow_private: bool) -> str:
    """Return ``raw`` as it is to be stored and dialled: lower case, punycode, IPv6 compressed in brackets.

    A name must have a dot and must not end in a suffix that is resolved inside; a
    literal must be an address that may be dialled, in its ordinary spelling.
    ``allow_private`` lifts the demands on names and widens those on addresses.
    Raises ``UrlNotAllowed``.
    """
    if raw.startswith("["):
        return _ipv6(raw, allow_private=allow_private)
    name = _ascii(raw)
    labels = name.split(".")
    # As browsers do: a last label that reads as a number makes the whole host an IPv4 address.
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(raw, allow_private=allow_private)
    if len(name) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlNotAllowed(Refusal.HOST)
    if not allow_private and (len(labels) == 1 or labels[-1] in _SPECIAL_USE | _INSIDE):
        raise UrlNotAllowed(Refusal.NOT_PUBLIC)
    return name


def _ascii(raw: str) -> str:
    if raw.isascii():
        return raw.lower()
    try:
        return idna.encode(raw, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise UrlNotAllowed(Refusal.HOST) from None


def _ipv4(raw: str, *, allow_private: bool) -> str:
    try:
        address = IPv4Address(raw)
    except AddressValueError:
        raise UrlNotAllowed(Refusal.NUMERIC_HOST) from None
    if not may_dial(str(address), allow_private=allow_private):
        raise UrlNotAllowed(Refusal.NOT_PUBLIC)
    return str(address)


def _ipv6(raw: str, *, allow_private: bool) -> str:
    try:
        address = IPv6Address(raw[1:-1] if raw.endswith("]") else "")
    except AddressValueError:
        raise UrlNotAllowed(Refusal.NUMERIC_HOST) from None
    if address.scope_id is not None or address.ipv4_mapped is not None:
        raise UrlNotAllowed(Refusal.NUMERIC_HOST)
    if not may_dial(str(address), allow_private=allow_private):
        raise UrlNotAllowed(Refusal.NOT_PUBLIC)
    return f"[{address}]"
