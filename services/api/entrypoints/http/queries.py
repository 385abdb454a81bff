"""What callers write behind the question mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.api.domain.refusals import InvalidRequest
from shared.kernel.ids import is_id


def whole(query: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number between ``least`` and ``most``; raises ``invalid_request`` for anything else."""
    found = query.get(name)
    if found is None:
        return default
    plain = found.isascii() and found.isdigit() and len(found) <= len(str(most))
    if not plain or not least <= int(found) <= most:
        raise InvalidRequest(f"{name} is a whole number from {least} to {most}", param=name)
    return int(found)


def choice(query: Mapping[str, str], name: str, words: Sequence[str]) -> str | None:
    """One of ``words``, or None where nothing is said; raises ``invalid_request`` for anything else."""
    found = query.get(name)
    if found is not None and found not in words:
        raise InvalidRequest(f"{name} is one of {', '.join(words)}", param=name)
    return found


def an_id(query: Mapping[str, str], name: str) -> str | None:
    """An id, or None where nothing is said; raises ``invalid_request`` for what cannot be one."""
    found = query.get(name)
    if found is not None and not is_id(found):
        raise InvalidRequest(f"{name} is an id of ours", param=name)
    return found


def text(query: Mapping[str, str], name: str, *, most: int) -> str | None:
    """Some ASCII text, or None where nothing is said; raises ``invalid_request`` for anything longer or else."""
    found = query.get(name)
    if found is not None and not (found.isascii() and len(found) <= most):
        raise InvalidRequest(f"{name} is an id of ours", param=name)
    return found
