"""Headers that mean something here, as the documents tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Header:
    """One header of a request or an answer."""

    name: str
    about: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


REQUEST_ID: Final = Header("X-Request-Id", "A name of the request: the caller's, where it gave one.")
IDEMPOTENCY_KEY: Final = Header(
    "Idempotency-Key",
    "The caller's name for this request: sent again with the same body, it is answered with what it made first.",
    {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
)
PREFER: Final = Header("Prefer", "wait=N: the same wish as ?wait=N, met as far as we go.")
RANGE: Final = Header("Range", "The part of the bytes that is wanted.")
IF_RANGE: Final = Header("If-Range", "The ETag of the bytes that the range is of.")
IF_NONE_MATCH: Final = Header("If-None-Match", "ETags of the bytes that the caller has already.")

LOCATION: Final = Header("Location", "Where the job is read.")
POLL_AFTER: Final = Header("openai-poll-after-ms", "How soon to look again at a job that goes on.")
REPLAYED: Final = Header("Idempotent-Replayed", "true: an earlier request of the same name made this.")
RETRY_AFTER: Final = Header("Retry-After", "Seconds after which to ask again.")
SHOULD_RETRY: Final = Header("x-should-retry", "false: the same request will not do better.")
CHALLENGE: Final = Header("WWW-Authenticate", "Bearer")
ETAG: Final = Header("ETag", "Names these very bytes.")
ACCEPT_RANGES: Final = Header("Accept-Ranges", "bytes")
CONTENT_RANGE: Final = Header("Content-Range", "Which bytes these are, of how many.")
DISPOSITION: Final = Header("Content-Disposition", "What to call the file.")
RATE: Final = (
    Header("x-ratelimit-limit-requests", "Requests a minute that the key may make of the process that answered."),
    Header("x-ratelimit-remaining-requests", "How many of them may come at once now."),
    Header("x-ratelimit-reset-requests", "After how long all of them may come at once again, such as 3s."),
)
"""On every answer to a key, whatever its status."""
ANSWERED: Final = (
    REQUEST_ID,
    LOCATION,
    POLL_AFTER,
    REPLAYED,
    RETRY_AFTER,
    SHOULD_RETRY,
    CHALLENGE,
    ETAG,
    ACCEPT_RANGES,
    CONTENT_RANGE,
    DISPOSITION,
    *RATE,
)
"""All that answers carry."""
