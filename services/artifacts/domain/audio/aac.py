"""AAC in ADTS: frames without any note of how many there should be."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.frames import Frame, walk
from services.artifacts.domain.audio.tags import past_tags
from services.artifacts.domain.audio.tape import Heard, Parser
from services.artifacts.domain.audio.unfit import CutShort

_HEADER: Final = 7
_RATES: Final = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_SAMPLES: Final = 1024


def aac() -> Parser:
    """How long an AAC stream sounds.  Its last frame must be whole, and nothing proves that it is the last."""
    frames = yield from walk((yield from past_tags(_HEADER)), frame_header)
    if not frames.ends_cleanly:
        raise CutShort("the file ends with something else than frames")
    return Heard(timedelta(seconds=frames.samples / frames.rate), end_is_proven=False)


def frame_header(data: bytes) -> Frame | None:
    """The frame that these bytes begin; None when they begin none."""
    if len(data) < _HEADER or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:  # noqa: PLR2004
        return None
    rate = data[2] >> 2 & 0x0F
    length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    if rate >= len(_RATES) or length <= _HEADER:
        return None
    return Frame(length, _SAMPLES * ((data[6] & 3) + 1), _RATES[rate])
