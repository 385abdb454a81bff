"""Which bytes a client wants: the one-part ``Range`` of RFC 9110, reckoned here and not left to the store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_RANGE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes that is."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The wanted bytes lie behind the end."""


def wanted(header: str | None, size: int) -> ByteRange | None:
    """The part of ``size`` bytes that ``header`` asks for; None is everything.

    Several parts at once, other units and what is not a range at all are ignored, as the RFC
    allows.  Raises :class:`Unsatisfiable`.
    """
    found = None if header is None else _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return _checked(ByteRange(max(0, size - int(suffix)), size - 1), size)
    if last and int(last) < int(first):
        return None
    return _checked(ByteRange(int(first), min(int(last), size - 1) if last else size - 1), size)


def _checked(asked: ByteRange, size: int) -> ByteRange:
    if asked.first >= size:
        raise Unsatisfiable
    return asked
