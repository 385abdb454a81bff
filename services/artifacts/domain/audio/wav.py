"""WAV: a RIFF file of chunks, in which one tells the format and one holds the samples."""

from __future__ import annotations

import struct
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.tape import Parse, Parser, Skip, Take, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_HEADER: Final = 8
_LEAST_FORMAT: Final = 16
_MOST_FORMAT: Final = 1024
_OPEN_ENDED: Final = 0xFFFF_FFFF
"""What a writer that could not go back leaves as the length of the samples."""
_BLOCK: Final = 64 * 1024


def wav() -> Parser:
    """How long a WAV file sounds.  The samples must be as many as announced, where a number is announced."""
    yield from exactly(12)
    rate = 0
    while True:
        name, size = yield from _chunk()
        if name == b"data":
            break
        if name == b"fmt ":
            rate = yield from _byte_rate(size)
        else:
            yield Skip(size + size % 2)
    if not rate:
        raise NotAudio("the samples come before their format")
    return timedelta(seconds=(yield from _samples(size)) / rate)


def _chunk() -> Parse[tuple[bytes, int]]:
    header = yield Take(_HEADER)
    if len(header) < _HEADER:
        raise CutShort("the file ends before its samples")
    name, size = struct.unpack("<4sI", header)
    return name, size


def _byte_rate(size: int) -> Parse[int]:
    if not _LEAST_FORMAT <= size <= _MOST_FORMAT:
        raise NotAudio("the format chunk has an impossible length")
    format_chunk = yield from exactly(size + size % 2)
    (rate,) = struct.unpack_from("<I", format_chunk, 8)
    if not rate:
        raise NotAudio("a second of samples has no bytes")
    return int(rate)


def _samples(size: int) -> Parse[int]:
    """The bytes of samples; what follows them is passed over."""
    if size == _OPEN_ENDED:
        return (yield from _counted())
    yield Skip(size)
    if size % 2:
        yield Take(1)
    while True:
        header = yield Take(_HEADER)
        if len(header) < _HEADER:
            return size
        (length,) = struct.unpack_from("<I", header, 4)
        yield Skip(length)
        if length % 2:
            yield Take(1)


def _counted() -> Parse[int]:
    count = 0
    while True:
        block = yield Take(_BLOCK)
        count += len(block)
        if len(block) < _BLOCK:
            return count
