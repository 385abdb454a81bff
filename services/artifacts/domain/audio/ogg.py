"""Ogg: pages that carry a position, of one stream of Vorbis, Opus, FLAC or Speex after another.

https://www.rfc-editor.org/rfc/rfc3533
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.tape import Heard, Parse, Parser, Skip, Take, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_HEADER: Final = 27
_BEGINS, _ENDS = 0x02, 0x04
_NO_POSITION: Final = -1
_MOST_EMPTY: Final = 100
"""Pages without payload in a row; more of them are a way to keep us busy."""


@dataclass(frozen=True, slots=True)
class _Page:
    flags: int
    position: int
    """Samples up to its end; negative where no packet ends on it."""
    stream: int
    number: int
    size: int
    """Bytes of its payload."""


def ogg() -> Parser:
    """How long an Ogg file sounds.  Its pages must be without gap and the last of each stream marked as such."""
    duration = timedelta()
    page = yield from _next_page()
    if page is None:
        raise CutShort("the file has no page")
    while page is not None:
        duration += yield from _stream(page)
        page = yield from _next_page()
    return Heard(duration)


def _stream(page: _Page) -> Parse[timedelta]:
    """One stream from its first page to its last."""
    if not page.flags & _BEGINS:
        raise NotAudio("a stream begins in its midst")
    rate, lead = _codec((yield from exactly(page.size)))
    stream, number, end, empty = page.stream, page.number, 0, 0
    while not page.flags & _ENDS:
        following = yield from _next_page()
        if following is None:
            raise CutShort("the file ends before its last page")
        page, number, empty = following, number + 1, 0 if following.size else empty + 1
        if page.stream != stream or empty > _MOST_EMPTY:
            raise NotAudio("there is more than one stream at once, or one of pages with nothing in them")
        if page.number != number:
            raise CutShort(f"page {number} is missing")
        if page.position != _NO_POSITION:
            end = page.position
        yield Skip(page.size)
    return timedelta(seconds=max(0, end - lead) / rate)


def _next_page() -> Parse[_Page | None]:
    header = yield Take(_HEADER)
    if not header:
        return None
    if len(header) < _HEADER:
        raise CutShort("the file ends within a page")
    mark, version, flags, position, stream, number, _, segments = struct.unpack("<4sBBqIIIB", header)
    if mark != b"OggS" or version:
        raise NotAudio("there is no page where the next should be")
    sizes = yield from exactly(segments)
    return _Page(flags, position, stream, number, sum(sizes))


def _codec(packet: bytes) -> tuple[int, int]:
    """The rate in which positions count, and how many samples are not for listening."""
    rate, lead = 0, 0
    if packet.startswith(b"\x01vorbis") and len(packet) >= 16:  # noqa: PLR2004
        (rate,) = struct.unpack_from("<I", packet, 12)
    elif packet.startswith(b"OpusHead") and len(packet) >= 12:  # noqa: PLR2004
        rate, (lead,) = 48_000, struct.unpack_from("<H", packet, 10)
    elif packet.startswith(b"\x7fFLAC") and len(packet) >= 30:  # noqa: PLR2004
        rate = int.from_bytes(packet[27:30], "big") >> 4
    elif packet.startswith(b"Speex   ") and len(packet) >= 40:  # noqa: PLR2004
        (rate,) = struct.unpack_from("<I", packet, 36)
    if not rate:
        raise NotAudio("the stream is of no audio codec that we know")
    return rate, lead
