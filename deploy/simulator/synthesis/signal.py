"""Sound as numbers: mono ``(n,)`` or stereo ``(n, 2)`` float32 arrays at one sampling rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
RATE: Final = 32_000
"""Samples a second."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Audio in blocks, so that ten minutes need no more memory than ten seconds."""

    channels: int
    blocks: Iterable[Samples]


def frames(seconds: float) -> int:
    return round(seconds * RATE)


def clock(count: int) -> NDArray[np.float32]:
    """The instants of ``count`` samples, in seconds."""
    return np.arange(count, dtype=np.float32) / np.float32(RATE)


def ramp(count: int) -> Samples:
    """A smooth rise from 0 to 1."""
    return (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, count, dtype=np.float32))).astype(np.float32)


def fade_edges(sound: Samples, rise: float, fall: float) -> Samples:
    """The same sound, rising from and falling to silence over so many seconds."""
    shaped = sound.copy()
    for seconds, at_end in ((rise, False), (fall, True)):
        count = min(frames(seconds), len(shaped))
        slope = ramp(count) if shaped.ndim == 1 else ramp(count)[:, None]
        if at_end and count:
            shaped[-count:] *= slope[::-1]
        elif count:
            shaped[:count] *= slope
    return shaped


def limit(sound: Samples, ceiling: float = 0.85) -> Samples:
    """Bend what is loud instead of clipping it; nothing comes out above ``ceiling``."""
    return np.asarray(np.tanh(sound / np.float32(ceiling)) * np.float32(ceiling), np.float32)


def loudness(sound: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(sound), dtype=np.float64))) if sound.size else 0.0
