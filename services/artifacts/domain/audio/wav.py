"""WAV: a RIFF file of chunks, in which one tells the format and one holds the samples."""

from __future__ import annotations

import re
import struct
from typing import Final

from services.artifacts.domain.audio.tags import ID3V1
from services.artifacts.domain.audio.tape import MOST_BYTES, Heard, Parse, Parser, Rest, Skip, Take, counted, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio
from services.artifacts.domain.audio.wav_format import WavFormat, wav_format

_HEADER: Final = 8
_READ: Final = (b"fmt ", b"fact", b"ds64")
_MOST_READ: Final = 1024
_MOST_CHUNKS: Final = 200
_IN_64_BITS: Final = 0xFFFF_FFFF
"""The length of the samples where RF64 has it in another chunk."""
_NAME: Final = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_ ]{3}")


def wav() -> Parser:
    """How long a WAV file sounds.  The samples must be as many as announced, where a number is announced."""
    yield from exactly(12)
    told: dict[bytes, bytes] = {}
    for _ in range(_MOST_CHUNKS):
        name, size = yield from _chunk()
        if name == b"data":
            return (yield from _sound(size, wav_format(told)))
        if name in _READ and size <= _MOST_READ:
            told[name] = yield from exactly(size + size % 2)
        else:
            yield Skip(size + size % 2)
    raise NotAudio("there are more chunks before the samples than anybody writes")


def _chunk() -> Parse[tuple[bytes, int]]:
    header = yield Take(_HEADER)
    if len(header) < _HEADER:
        raise CutShort("the file ends before its samples")
    name, size = struct.unpack("<4sI", header)
    return name, size


def _sound(size: int, format: WavFormat) -> Parse[Heard]:
    """The samples.  A writer that could not go back leaves no length, or one of many that no file of ours has."""
    if size == _IN_64_BITS:
        size = format.large_size
    if not 0 < size <= MOST_BYTES:
        count = yield from counted()
        if count % format.block > 1:  # one byte may be padding
            raise CutShort("the file ends within a sample")
        return Heard(format.duration(count), end_is_proven=False)
    yield Skip(size)
    yield from _tail(size)
    return Heard(format.duration(size))


def _tail(size: int) -> Parse[None]:
    """What follows the samples: chunks, which must be whole, and then anything."""
    for _ in range(_MOST_CHUNKS):
        header = yield Take(_HEADER)
        if size % 2 and header.startswith(b"\0"):  # not every writer pads
            header = header[1:] + (yield Take(1))
        if len(header) < _HEADER or not _NAME.match(header) or header.startswith(ID3V1):
            break
        (size,) = struct.unpack_from("<I", header, 4)
        yield Skip(size)
    yield Rest(0)
