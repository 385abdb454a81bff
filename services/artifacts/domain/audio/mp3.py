"""MP3: MPEG audio frames of layer III, with a note of how many there are in the first, if its encoder left one.

http://www.mp3-tech.org/programmer/frame_header.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.frames import Frame, Walk, walk
from services.artifacts.domain.audio.tags import past_tags
from services.artifacts.domain.audio.tape import Heard, Parse, Parser, Take, exactly
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_HEADER: Final = 4
_MPEG_1, _MPEG_2, _MPEG_2_5 = 3, 2, 0
_LAYER_III: Final = 1
_KBITS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES: Final = {
    _MPEG_1: (44_100, 48_000, 32_000),
    _MPEG_2: (22_050, 24_000, 16_000),
    _MPEG_2_5: (11_025, 12_000, 8_000),
}
_RESERVED: Final = 3
_MONO: Final = 3
_SIDE: Final = {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}
"""Bytes between the header and the note, by MPEG 1 and mono."""
_VBRI_AT: Final = 32
_PADDING: Final = 64 * 1024
_UNCOUNTED: Final = 1
"""Some encoders count their note as a frame, and some leave one out."""


def mp3() -> Parser:
    """How long an MP3 sounds.  Its last frame must be whole, and as many be there as its first one notes.

    Without a note, or with frames beyond it, nothing proves that the last one is the last.
    """
    window = yield from _first_header()
    first = frame_header(window)
    if first is None:
        raise NotAudio("there is no frame of MP3 where the first should be")
    body = window + (yield from exactly(first.length - _HEADER))
    noted = noted_frames(body)
    window = yield Take(_HEADER)
    whole_window = len(window) == _HEADER
    rest = (yield from walk(window, frame_header)) if whole_window else Walk(0, first.rate, not any(window))
    spoken = rest.samples + (0 if noted is not None else first.samples)
    frames = spoken // first.samples
    if noted is not None and frames < noted:
        raise CutShort(f"the file ends after {frames} of {noted} frames")
    proven = noted is not None and 0 < noted <= frames <= noted + _UNCOUNTED
    if not proven and not rest.ends_cleanly:
        raise CutShort("the file ends with something else than frames")
    return Heard(timedelta(seconds=spoken / first.rate), proven)


def frame_header(data: bytes) -> Frame | None:
    """The frame that these bytes begin; None when they begin none of a known length."""
    if len(data) < _HEADER or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:  # noqa: PLR2004
        return None
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    bitrate, rate = data[2] >> 4, data[2] >> 2 & 3
    if layer != _LAYER_III or version not in _RATES or not 0 < bitrate < len(_KBITS_1) or rate == _RESERVED:
        return None
    full = version == _MPEG_1
    hertz = _RATES[version][rate]
    kbits = (_KBITS_1 if full else _KBITS_2)[bitrate]
    samples = 1152 if full else 576
    return Frame(samples // 8 * kbits * 1000 // hertz + (data[2] >> 1 & 1), samples, hertz)


def noted_frames(frame: bytes) -> int | None:
    """How many frames the first one says will follow; None when it is an ordinary one or leaves that open."""
    full, mono = frame[1] >> 3 & 3 == _MPEG_1, frame[3] >> 6 == _MONO
    at = _HEADER + _SIDE[full, mono]
    if frame[at : at + 4] in (b"Xing", b"Info"):
        has_frames = frame[at + 7 : at + 8] and frame[at + 7] & 1
        return int.from_bytes(frame[at + 8 : at + 12], "big") if has_frames else 0
    at = _HEADER + _VBRI_AT
    if frame[at : at + 4] == b"VBRI":
        return int.from_bytes(frame[at + 14 : at + 18], "big")
    return None


def _first_header() -> Parse[bytes]:
    """The four bytes that begin the first frame, past tags and the zeros that may pad them."""
    window = yield from past_tags(_HEADER)
    padding = 0
    while window[0] == 0 and padding < _PADDING:
        padding += 1
        window = window[1:] + (yield from exactly(1))
    return window
