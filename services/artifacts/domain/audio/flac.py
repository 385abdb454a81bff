"""FLAC: metadata that says how many samples there are, then frames that carry number and checksum.

https://www.rfc-editor.org/rfc/rfc9639
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.flac_frames import last_sample
from services.artifacts.domain.audio.tags import ID3V1, ID3V1_BYTES, past_tags
from services.artifacts.domain.audio.tape import Heard, Parse, Parser, Rest, Skip, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_STREAM_INFO: Final = 0
_STREAM_INFO_BYTES: Final = 34
_USUAL_TAIL: Final = 64 * 1024
_MOST_TAIL: Final = 128 * 1024
"""A frame of eight channels of 24 bits still fits."""


def flac() -> Parser:
    """How long a FLAC file sounds.  Its last frame must be whole and hold the last of the announced samples.

    Where their number was left open nothing proves that it is the last.
    """
    yield from past_tags(4)
    info = yield from _stream_info()
    block_size = int.from_bytes(info[2:4], "big")
    largest_frame = int.from_bytes(info[7:10], "big")
    rate = int.from_bytes(info[10:13], "big") >> 4
    total = int.from_bytes(info[13:18], "big") & 0xF_FFFF_FFFF
    if not rate:
        raise NotAudio("the file has no sample rate")
    tail = yield Rest(min(largest_frame or _USUAL_TAIL, _MOST_TAIL) + ID3V1_BYTES)
    if tail[-ID3V1_BYTES:].startswith(ID3V1):
        tail = tail[:-ID3V1_BYTES]
    end = last_sample(tail, block_size)
    if end is None:
        raise CutShort("the file does not end with a whole frame")
    if end < total:
        raise CutShort(f"the file ends after {end} of {total} samples")
    return Heard(timedelta(seconds=end / rate), end_is_proven=total > 0)


def _stream_info() -> Parse[bytes]:
    """The first block of metadata; the others are passed over."""
    info = b""
    last = False
    while not last:
        header = yield from exactly(4)
        last = bool(header[0] & 0x80)
        size = int.from_bytes(header[1:], "big")
        if info:
            yield Skip(size)
        elif header[0] & 0x7F == _STREAM_INFO and size == _STREAM_INFO_BYTES:
            info = yield from exactly(size)
        else:
            raise NotAudio("the file does not begin with what its stream is like")
    return info
