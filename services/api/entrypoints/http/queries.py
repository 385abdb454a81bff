"""What callers write behind the question mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.api.domain.refusals import InvalidRequest
from shared.kernel.ids import is_id


def whole(query: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number between ``least`` and ``most``; raises ``invalid_request`` for anything else."""
    text = query.get(name)
    if text is None:
        return default
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not plain or not least <= int(text) <= most:
        raise InvalidRequest(f"{name} is a whole number from {least} to {most}", param=name)
    return int(text)


def choice(query: Mapping[str, str], name: str, words: Sequence[str]) -> str | None:
    """One of ``words``, or None where nothing is said; raises ``invalid_request`` for anything else."""
    text = query.get(name)
    if text is not None and text not in words:
        raise InvalidRequest(f"{name} is one of {', '.join(words)}", param=name)
    return text


def cursor(query: Mapping[str, str]) -> str | None:
    """The id that the last page ended with; raises ``invalid_request`` for what cannot be one."""
    text = query.get("after")
    if text is not None and not is_id(text):
        raise InvalidRequest("after is the last_id of the page before", param="after")
    return text
