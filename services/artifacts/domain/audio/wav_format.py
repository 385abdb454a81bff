"""What the chunks before the samples of a WAV file say of them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.unfit import NotAudio

_EXTENSIBLE: Final = 0xFFFE
_SUB_FORMAT_AT: Final = 24
_LINEAR: Final = frozenset({1, 3, 6, 7})
"""PCM, float, A-law and mu-law: every sample has the same width."""
_WIDEST: Final = 8
"""Bytes of a sample."""


@dataclass(frozen=True, slots=True)
class WavFormat:
    """How samples lie in a file."""

    rate: int
    """Samples a second, of each channel."""
    block: int
    """Bytes of one sample of all channels; of what is compressed, 1."""
    bytes_per_second: int
    """As noted; used of what is compressed."""
    frames: int
    """Samples of each channel as noted; 0 where they are not."""
    large_size: int
    """The bytes of all samples as RF64 notes them; 0 where it does not."""

    def duration(self, size: int) -> timedelta:
        """How long ``size`` bytes sound.  Of two notes that contradict each other the one of less counts."""
        if not self.bytes_per_second:
            return timedelta(seconds=size // self.block / self.rate)
        by_rate = timedelta(seconds=size / self.bytes_per_second)
        return min(by_rate, timedelta(seconds=self.frames / self.rate)) if self.frames else by_rate


def wav_format(told: Mapping[bytes, bytes]) -> WavFormat:
    """What these chunks, by name, say; raises ``NotAudio`` where it makes no sense."""
    try:
        tag, channels, rate, bytes_per_second, block, bits = struct.unpack_from("<HHIIHH", told[b"fmt "])
        if tag == _EXTENSIBLE:
            (tag,) = struct.unpack_from("<H", told[b"fmt "], _SUB_FORMAT_AT)
        (frames,) = struct.unpack_from("<I", told.get(b"fact", bytes(4)))
        (large,) = struct.unpack_from("<Q", told.get(b"ds64", bytes(16)), 8)
    except KeyError:
        raise NotAudio("the samples come before their format") from None
    except struct.error:
        raise NotAudio("the format of the samples is cut short") from None
    if not (channels and rate):
        raise NotAudio("a second has no samples")
    if tag in _LINEAR:
        if not channels * ((bits + 7) // 8) <= block <= channels * _WIDEST or not block:
            raise NotAudio("the samples have an impossible width")
        return WavFormat(rate, block, 0, 0, large)
    if not bytes_per_second:
        raise NotAudio("a second of samples has no bytes")
    return WavFormat(rate, 1, bytes_per_second, frames, large)
