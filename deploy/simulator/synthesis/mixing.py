"""The mixing desk: how loud each part is in each section, and the room around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from deploy.simulator.synthesis.signal import Samples, clock, frames, loudness

LEVELS: Final[Mapping[str, Mapping[str, float]]] = {
    "intro": {"pad": 0.9, "pluck": 0.7},
    "verse": {"pad": 0.6, "pluck": 0.5, "bass": 0.9, "drums": 0.75, "lead": 0.75, "voice": 0.9},
    "chorus": {"pad": 0.85, "pluck": 0.7, "bass": 1.0, "drums": 0.9, "lead": 0.95, "voice": 1.0},
    "outro": {"pad": 1.0, "pluck": 0.35, "bass": 0.6, "lead": 0.55},
}
_SENDS: Final[Mapping[str, float]] = {"pad": 0.5, "pluck": 0.6, "lead": 0.55, "voice": 0.6, "drums": 0.14}
_TARGET: Final = 0.17
"""Root mean square of the loudest section, about -15 dBFS."""


def mix(parts: Mapping[str, Samples], section: str) -> Samples:
    """One section's loop: its parts at their levels, and the room they send into."""
    levels = {name: gain for name, gain in LEVELS[section].items() if name in parts}
    dry = sum(parts[name] * np.float32(gain) for name, gain in levels.items())
    sent = sum(parts[name] * np.float32(gain * _SENDS.get(name, 0)) for name, gain in levels.items())
    return np.asarray(dry + room(np.asarray(sent)), np.float32)


def room(loop: Samples, seconds: float = 1.6) -> Samples:
    """What a loop sounds like from the back of a hall, the end of the loop still ringing at its start."""
    length = len(loop)
    response = np.zeros((length, 2), np.float32)
    count = min(length, frames(seconds))
    noise = np.random.default_rng(7).standard_normal((count, 2), dtype=np.float32)
    noise[1:] += noise[:-1]
    response[:count] = noise * (np.exp(-clock(count) * np.float32(6.9 / seconds)))[:, None]
    response[: frames(0.012)] = 0
    response /= np.float32(np.sqrt(np.sum(response**2)) or 1)
    spectrum = np.fft.rfft(loop, axis=0) * np.fft.rfft(response, axis=0)
    return np.fft.irfft(spectrum, length, axis=0).astype(np.float32)


def makeup(loops: list[Samples]) -> np.float32:
    """The gain that brings the loudest of several loops to the target."""
    return np.float32(_TARGET / (max(map(loudness, loops)) or 1.0))

