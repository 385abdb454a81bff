"""Reading a URL that a stranger chose, by a grammar of our own.

URL libraries forgive, and each forgives differently: what one reads as a user name
another reads as a host.  So nothing is forgiven here, and what is stored is, letter for
letter, what will be requested.
"""

import re
from dataclasses import dataclass

from shared.egress.hosts import canonical_host
from shared.egress.ports import HTTP_PORT, HTTPS_PORT, port_allowed
from shared.egress.refusals import Refusal, UrlNotAllowed

MAX_URL = 2048

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(/[^?#]*)?(\?[^#]*)?(#.*)?", re.ASCII | re.DOTALL)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+)(?::([1-9][0-9]{0,4}))?", re.ASCII)
# Encoded control characters are refused too: some servers decode them into a log or a header.
_ESCAPE = r"%(?!0|1|7[Ff])[0-9A-Fa-f]{2}"
_PATH = re.compile(rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|{_ESCAPE})*", re.ASCII)
_QUERY = re.compile(rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]|{_ESCAPE})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CheckedUrl:
    """A URL that passed ``parse_public_url``, in its canonical spelling.

    Path and query may hold a stranger's secrets, so only ``text`` shows them; ``repr``
    and ``str`` stop at the origin, which is what logs may have.
    """

    origin: str
    """Scheme, host and, where it is not the scheme's own, port."""
    host: str
    """The host as it is looked up; an IPv6 address without its brackets."""
    rest: str
    """Path and query."""

    @property
    def text(self) -> str:
        """The whole URL, to be stored and requested."""
        return self.origin + self.rest

    def at(self, path: str) -> "CheckedUrl":
        """Return ``path``, one of our own and beginning with a slash, below this base URL."""
        return CheckedUrl(self.origin, self.host, self.rest.rstrip("/") + path)

    def __repr__(self) -> str:
        return f"CheckedUrl({self.origin})"


def parse_public_url(text: str, *, allow_private: bool) -> CheckedUrl:
    """Return ``text`` checked and in canonical spelling, or raise ``UrlNotAllowed``.

    https on 443 or an unprivileged port, to a public literal address or a name that can
    be public; whether the name is can only be told by ``check_resolves``, and holds only
    at the socket.  ``allow_private`` (development) also lets through http, every port,
    and loopback and private addresses.  A canonical URL parses to itself.
    """
    scheme, authority, path, query = _split(text)
    if scheme != "https" and not (allow_private and scheme == "http"):
        raise UrlNotAllowed(Refusal.SCHEME)
    standard_port = HTTPS_PORT if scheme == "https" else HTTP_PORT
    raw_host, port = _host_and_port(authority, standard_port)
    if not port_allowed(port, allow_private=allow_private):
        raise UrlNotAllowed(Refusal.PORT)
    host = canonical_host(raw_host, allow_private=allow_private)
    if not (_PATH.fullmatch(path) and _QUERY.fullmatch(query)):
        raise UrlNotAllowed(Refusal.CHARACTERS)
    origin = f"{scheme}://{host}" if port == standard_port else f"{scheme}://{host}:{port}"
    checked = CheckedUrl(origin, host.strip("[]"), (path or "/") + query)
    if len(checked.text) > MAX_URL:
        raise UrlNotAllowed(Refusal.TOO_LONG)
    return checked


def parse_base_url(text: str, *, allow_private: bool) -> CheckedUrl:
    """Return a seller's base URL: as ``parse_public_url``, with no query and no slash at the end."""
    checked = parse_public_url(text, allow_private=allow_private)
    if "?" in checked.rest:
        raise UrlNotAllowed(Refusal.QUERY)
    return CheckedUrl(checked.origin, checked.host, checked.rest.rstrip("/"))


def _split(text: str) -> tuple[str, str, str, str]:
    if len(text) > MAX_URL:
        raise UrlNotAllowed(Refusal.TOO_LONG)
    parts = _URL.fullmatch(text)
    if parts is None or "\\" in text or any(character <= " " or character == "\x7f" for character in text):
        raise UrlNotAllowed(Refusal.SHAPE)
    scheme, authority, path, query, fragment = parts.groups(default="")
    if fragment:
        raise UrlNotAllowed(Refusal.FRAGMENT)
    if "@" in authority:
        raise UrlNotAllowed(Refusal.USERINFO)
    return scheme.lower(), authority, path, "" if query == "?" else query


def _host_and_port(authority: str, standard_port: int) -> tuple[str, int]:
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise UrlNotAllowed(Refusal.SHAPE)
    return parts[1], standard_port if parts[2] is None else int(parts[2])
