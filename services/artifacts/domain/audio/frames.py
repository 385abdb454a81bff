"""Walking a stream of frames that each say how long they are: MP3 and AAC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from services.artifacts.domain.audio.tags import MOST_TAGS, passed_last_tag, passed_tag
from services.artifacts.domain.audio.tape import Parse, Skip, Take
from services.artifacts.domain.audio.unfit import CutShort, NotAudio

_SYNC: Final = b"\xff"
_MOST_JUNK: Final = 64 * 1024
"""Bytes that are no frames, in all: padding, and tags that we do not know."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a header says.  All frames of one stream have the same ``rate``."""

    length: int
    """Bytes, header included."""
    samples: int
    rate: int


@dataclass(frozen=True, slots=True)
class Walk:
    """What lay between the first header and the end of the tape."""

    samples: int
    rate: int
    ends_cleanly: bool
    """Whether nothing but tags and zeros follows the last frame."""


FrameHeader: TypeAlias = Callable[[bytes], Frame | None]
"""Reads the header that these bytes begin with; None when they begin with none."""


def walk(window: bytes, header: FrameHeader) -> Parse[Walk]:
    """Pass every frame from ``window``, the bytes of the first header, to the end of the tape.

    The first two must follow each other; after that tags and a little else may lie between them.
    """
    first = header(window)
    if first is None:
        raise NotAudio("the first frame has no header")
    size, count, samples, junk, tags, clean = len(window), 0, 0, 0, 0, True
    while len(window) == size:
        frame = header(window)
        if frame is not None and frame.rate == first.rate:
            count, samples, tags, clean = count + 1, samples + frame.samples, 0, True
            yield Skip(frame.length - size)
            window = yield from _next(size)
        elif (yield from passed_tag(window)) or (yield from passed_last_tag(window)):
            tags += 1
            if tags > MOST_TAGS:
                raise NotAudio("there are more tags than anybody writes")
            window = yield from _next(size)
        else:
            junk, clean = junk + 1, clean and not window[0]
            if count == 1 or junk > _MOST_JUNK:
                raise NotAudio("there is something else than frames between the frames")
            window = window[1:] + (yield Take(1))
    return Walk(samples, first.rate, clean and not any(window))


def _next(size: int) -> Parse[bytes]:
    """The bytes that may be a header; fewer where the tape ends, but never a part of one."""
    window = yield Take(size)
    if len(window) < size and window.startswith(_SYNC):
        raise CutShort("the file ends within the header of a frame")
    return window
