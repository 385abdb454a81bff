"""M4A: an MP4 file of boxes, in which one describes the tracks and one holds the sound.

ISO/IEC 14496-12
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.tape import Parse, Parser, Skip, Take, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_HEADER: Final = 8
_LARGE: Final = 1
_LARGEST_DESCRIPTION: Final = 2 * 1024 * 1024


def m4a() -> Parser:
    """How long an M4A file sounds.  Every box must be whole, the description and the sound among them."""
    duration: timedelta | None = None
    sound = False
    while (box := (yield from _box())) is not None:
        name, size = box
        if name == b"moov":
            if size > _LARGEST_DESCRIPTION:
                raise NotAudio("the description of the tracks is too large")
            duration = sound_of((yield from exactly(size)))
        else:
            sound = sound or name == b"mdat"
            yield Skip(size)
    if duration is None or not sound:
        raise CutShort("the file ends before its description or its sound")
    return duration


def _box() -> Parse[tuple[bytes, int] | None]:
    """The name of the next box and the bytes of its content; None at the end."""
    header = yield Take(_HEADER)
    if not header:
        return None
    if len(header) < _HEADER:
        raise CutShort("the file ends within a box")
    size, name = struct.unpack(">I4s", header)
    head = _HEADER
    if size == _LARGE:
        size, head = int.from_bytes((yield from exactly(8)), "big"), 16
    if size < head:
        raise NotAudio("a box has an impossible length")
    return name, size - head


def sound_of(moov: bytes) -> timedelta:
    """How long the first track of sound is; a file with pictures that move is no audio."""
    duration: timedelta | None = None
    for track in _named(moov, b"trak"):
        for media in _named(track, b"mdia"):
            kind = next((handler[8:12] for handler in _named(media, b"hdlr")), b"")
            if kind == b"vide":
                raise NotAudio("the file is a film")
            if kind == b"soun" and duration is None:
                duration = next((_duration(header) for header in _named(media, b"mdhd")), None)
    if not duration:
        raise NotAudio("the file has no track of sound of a known length")
    return duration


def _named(data: bytes, name: bytes) -> Iterator[bytes]:
    """The contents of the boxes of that name directly within ``data``."""
    at = 0
    while at + _HEADER <= len(data):
        size, found = struct.unpack_from(">I4s", data, at)
        if size < _HEADER:
            return
        if found == name:
            yield data[at + _HEADER : at + size]
        at += size


def _duration(header: bytes) -> timedelta | None:
    try:
        if header[:1] == b"\x01":
            scale, length = struct.unpack_from(">IQ", header, 20)
        else:
            scale, length = struct.unpack_from(">II", header, 12)
    except struct.error:
        return None
    return timedelta(seconds=length / scale) if scale else None
