"""What an MP4 file says of one track: how long it is, and how many bytes its sound has."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.unfit import NotAudio

_HEADER: Final = 8
_TIMES, _LARGE_TIMES = 12, 20
"""Where a media header has its scale, by the width of its dates."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A track of sound, as described."""

    duration: timedelta
    bytes: int


def sound_of(track: bytes) -> Sound | None:
    """What is said of a track of sound; None of one that is neither sound nor moving pictures.

    Of two lengths that contradict each other the shorter one counts.  Raises ``NotAudio``.
    """
    media = _first(track, b"mdia")
    kind = _first(media, b"hdlr")[8:12]
    if kind == b"vide":
        raise NotAudio("the file is a film")
    if kind != b"soun":
        return None
    table = _first(_first(media, b"minf"), b"stbl")
    try:
        scale, noted = _media_times(_first(media, b"mdhd"))
        summed = _ticks(_first(table, b"stts"))
        size = _sample_bytes(_first(table, b"stsz"))
    except struct.error:
        raise NotAudio("the description of a track ends too early") from None
    ticks = min(noted or summed, summed)
    if not (scale and ticks and size):
        raise NotAudio("the file has no track of sound of a known length")
    return Sound(timedelta(seconds=ticks / scale), size)


def _media_times(header: bytes) -> tuple[int, int]:
    """Ticks a second, and in all."""
    if header[:1] == b"\x01":
        scale, length = struct.unpack_from(">IQ", header, _LARGE_TIMES)
    else:
        scale, length = struct.unpack_from(">II", header, _TIMES)
    return scale, length


def _ticks(times: bytes) -> int:
    """The lengths of all samples together."""
    (count,) = struct.unpack_from(">I", times, 4)
    return sum(samples * each for samples, each in struct.iter_unpack(">II", _entries(times[8:], 8, count)))


def _sample_bytes(sizes: bytes) -> int:
    """The bytes of all samples together."""
    each, count = struct.unpack_from(">II", sizes, 4)
    if each:
        return int(each * count)
    return sum(size for (size,) in struct.iter_unpack(">I", _entries(sizes[12:], 4, count)))


def _entries(table: bytes, width: int, count: int) -> bytes:
    if len(table) < width * count:
        raise NotAudio("a table of a track is shorter than it says")
    return table[: width * count]


def _first(data: bytes, name: bytes) -> bytes:
    """The content of the first box of that name directly within ``data``; nothing where there is none."""
    return next(_named(data, name), b"")


def _named(data: bytes, name: bytes) -> Iterator[bytes]:
    at = 0
    while at + _HEADER <= len(data):
        size, found = struct.unpack_from(">I4s", data, at)
        if size < _HEADER:
            return
        if found == name:
            yield data[at + _HEADER : at + size]
        at += size
