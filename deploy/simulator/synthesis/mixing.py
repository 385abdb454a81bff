"""The mixing desk: how loud each part is in each section, and the room around them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deploy.simulator.synthesis.signal import Samples, clock, frames, loudness

LEVELS: Final[Mapping[str, Mapping[str, float]]] = {
    "intro": {"pad": 0.9, "pluck": 0.7},
    "verse": {"pad": 0.6, "pluck": 0.5, "bass": 0.9, "drums": 0.75, "lead": 0.75, "voice": 0.9},
    "chorus": {"pad": 0.85, "pluck": 0.7, "bass": 1.0, "drums": 0.9, "lead": 0.95, "voice": 1.0},
    "outro": {"pad": 1.0, "pluck": 0.35, "bass": 0.6, "lead": 0.55},
}
_SENDS: Final[Mapping[str, float]] = {"pad": 0.5, "pluck": 0.6, "lead": 0.55, "voice": 0.6, "drums": 0.14}
_TARGET: Final = 0.15
"""Root mean square of the loudest section, about -16 dBFS."""
_HIGHEST_PEAK: Final = 1.1
"""Before the limiter, which bends such a peak to about 0.75."""
_HALL_SECONDS: Final = 1.6


def mix(parts: Mapping[str, Samples], section: str) -> Samples:
    """One section's loop: its parts at their levels, and the room they send into."""
    levels = {name: gain for name, gain in LEVELS[section].items() if name in parts}
    dry = sum(parts[name] * np.float32(gain) for name, gain in levels.items())
    sent = sum(parts[name] * np.float32(gain * _SENDS.get(name, 0)) for name, gain in levels.items())
    return np.asarray(dry + room(np.asarray(sent)), np.float32)


def room(loop: Samples) -> Samples:
    """What a loop sounds like from the back of a hall, the end of the loop still ringing at its start."""
    length, tail = len(loop), len(_impulse())
    span = _fast_length(length + tail)
    spectrum = np.fft.rfft(loop[:, 0] + loop[:, 1], span)[:, None] * _hall(span)
    ringing = np.fft.irfft(spectrum, span, axis=0)[: length + tail]
    for start in range(length, length + tail, length):
        late = ringing[start : start + length]
        ringing[: len(late)] += late
    return ringing[:length].astype(np.float32)


@cache
def _impulse() -> Samples:
    """The hall's answer to a clap: noise that dies away, left and right not quite alike."""
    count = frames(_HALL_SECONDS)
    noise = np.random.default_rng(7).standard_normal((count, 2), dtype=np.float32)
    noise[1:] += noise[:-1]
    noise *= np.exp(-clock(count) * np.float32(6.9 / _HALL_SECONDS))[:, None]
    noise[: frames(0.012)] = 0
    return np.asarray(noise / np.sqrt(2 * np.sum(noise**2)), np.float32)


@lru_cache(maxsize=8)
def _hall(span: int) -> NDArray[np.complex64]:
    return np.asarray(np.fft.rfft(_impulse(), span, axis=0), np.complex64)


def _fast_length(least: int) -> int:
    """The least product of 2, 3 and 5 that is long enough: other lengths take many times as long to transform."""
    best = 1 << (least - 1).bit_length()
    for five in (1, 5, 25):
        for three in (1, 3, 9, 27):
            odd = five * three
            best = min(best, odd << max(0, (-(-least // odd) - 1).bit_length()))
    return best


def makeup(loops: list[Samples]) -> np.float32:
    """The gain that brings the loudest of several loops to the target, or as near as their peaks allow."""
    loudest, highest = max(map(loudness, loops)), max(float(np.abs(loop).max()) for loop in loops)
    return np.float32(min(_TARGET / (loudest or 1), _HIGHEST_PEAK / (highest or 1)))
