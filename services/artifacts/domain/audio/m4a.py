"""M4A: an MP4 file of boxes, in which one describes the tracks and one holds the sound.

ISO/IEC 14496-12
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from services.artifacts.domain.audio.m4a_track import Sound, sound_of
from services.artifacts.domain.audio.tape import Heard, Parse, Parser, Skip, Take, counted, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_HEADER: Final = 8
_LARGE: Final = 1
_TO_THE_END: Final = 0
_LARGEST_TRACK: Final = 2 * 1024 * 1024
"""Bytes of the description of one; of three hours of AAC they are no more."""
_MOST_BOXES: Final = 500


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    head: int
    size: int | None
    """Bytes of its content; None where it goes on to the end of the file."""


def m4a() -> Parser:
    """How long an M4A file sounds.  Every box must be whole, and the sound as many bytes as its table adds up to."""
    sound: Sound | None = None
    held = 0
    for _ in range(_MOST_BOXES):
        box = yield from _box()
        if box is None:
            break
        if box.name == b"moov":
            sound = yield from _description(box)
        else:
            passed = yield from _passed(box)
            held += passed if box.name == b"mdat" else 0
    else:
        raise NotAudio("the file is of more boxes than anybody writes")
    if sound is None or held < sound.bytes:
        raise CutShort("the file ends before its description or its sound")
    return Heard(sound.duration)


def _box() -> Parse[_Box | None]:
    """The head of the next box; None at the end."""
    header = yield Take(_HEADER)
    if not header:
        return None
    if len(header) < _HEADER:
        raise CutShort("the file ends within a box")
    size, name = struct.unpack(">I4s", header)
    head = _HEADER
    if size == _TO_THE_END:
        return _Box(name, head, None)
    if size == _LARGE:
        size, head = int.from_bytes((yield from exactly(8)), "big"), 16
    if size < head:
        raise NotAudio("a box has an impossible length")
    return _Box(name, head, size - head)


def _passed(box: _Box) -> Parse[int]:
    """The bytes of a box's content, which is passed over."""
    if box.size is None:
        return (yield from counted())
    yield Skip(box.size)
    return box.size


def _description(moov: _Box) -> Parse[Sound]:
    """The first track of sound.  A file with pictures that move is no audio, nor is one that comes in fragments."""
    found: Sound | None = None
    left = moov.size or 0
    for _ in range(_MOST_BOXES):
        if left <= 0:
            break
        box = yield from _box()
        if box is None or box.size is None:
            raise CutShort("the file ends within its description")
        left -= box.head + box.size
        if box.name == b"mvex":
            raise NotAudio("the file comes in fragments, and is not kept because none of them says which is the last")
        if box.name == b"trak":
            found = (yield from _track(box.size)) or found
        else:
            yield Skip(box.size)
    if left or found is None:
        raise NotAudio("the file has no track of sound of a known length")
    return found


def _track(size: int) -> Parse[Sound | None]:
    if size > _LARGEST_TRACK:
        raise NotAudio("the description of a track is too large")
    return sound_of((yield from exactly(size)))
