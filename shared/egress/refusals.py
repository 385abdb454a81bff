"""Why a stranger's URL is refused, in sentences that they may read."""

from enum import StrEnum

from shared.kernel.errors import DomainError


class Refusal(StrEnum):
    """What is wrong with a URL.  The sentences hold nothing that was looked up or resolved."""

    TOO_LONG = "the URL must be at most 2048 characters"
    CHARACTERS = "the URL may hold only the characters of RFC 3986; percent-encode everything else"
    SHAPE = "the URL must be absolute, with a host, and without backslashes or control characters"
    SCHEME = "the URL must begin with https://"
    USERINFO = "the URL must not carry a user name or password"
    FRAGMENT = "the URL must not have a fragment"
    QUERY = "the base URL must not have a query"
    HOST = "the host is not a valid domain name in its ordinary spelling"
    NUMERIC_HOST = "the host is not an IP address in its ordinary spelling"
    NOT_PUBLIC = "the host is not a public address"
    PORT = "the port must be 443, or 1024 and above and not one that other services are known by"
    UNRESOLVED = "the host does not resolve to a public address"
    DNS_UNAVAILABLE = "the host could not be looked up just now; try again"


class UrlNotAllowed(DomainError):
    """A URL was refused, for the ``refusal`` that says why.  Only ``DNS_UNAVAILABLE`` may pass with time."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("url_not_allowed", refusal.value)
        self.refusal = refusal
