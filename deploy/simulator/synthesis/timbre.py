"""Instruments, each a pair of wave shapes and an envelope.

A note is its ``body`` spectrum throughout and its ``edge`` spectrum at the onset, fading over ``soften``
seconds.  Both are read from one period kept in a table, so a note costs the same with 3 harmonics or 30.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Final

import numpy as np

from deploy.simulator.synthesis.signal import RATE, Samples, clock, frames, ramp

PERIOD: Final = 4096
_HIGHEST: Final = 0.42 * RATE


@dataclass(frozen=True, slots=True)
class Timbre:
    """Amplitudes of the harmonics from the first on; times in seconds, ``detune`` and ``vibrato`` in cents."""

    body: tuple[float, ...]
    edge: tuple[float, ...] = ()
    soften: float = 0.1
    attack: float = 0.005
    decay: float = inf
    release: float = 0.08
    detune: float = 0.0
    vibrato: float = 0.0


def falling(count: int, power: float, *, odd: bool = False) -> tuple[float, ...]:
    """Harmonics that fall with a power of their number: 1 is a sawtooth, odd ones alone a square."""
    return tuple(0.0 if odd and k % 2 == 0 else k**-power for k in range(1, count + 1))


INSTRUMENTS: Final[Mapping[str, Timbre]] = {
    "piano": Timbre((1, 0.5, 0.28, 0.14, 0.08, 0.04), falling(14, 1.1), 0.12, 0.003, 0.9, 0.18, 1.5),
    "electric piano": Timbre((1, 0.12, 0.18, 0.02), (0, 0, 0.2, 0, 0, 0, 0.3), 0.15, 0.004, 1.1, 0.2, 3),
    "guitar": Timbre((1, 0.6, 0.35, 0.2, 0.1), falling(16, 0.9), 0.07, 0.002, 0.5, 0.12, 2),
    "harp": Timbre((1, 0.35, 0.12, 0.05), falling(8, 1.2), 0.05, 0.002, 0.7, 0.4),
    "marimba": Timbre((1, 0, 0, 0.18), (0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0.3), 0.03, 0.002, 0.3, 0.2),
    "music box": Timbre((1, 0, 0.1, 0.25), (0, 0, 0.3, 0, 0, 0.3), 0.2, 0.002, 0.8, 0.5),
    "flute": Timbre((1, 0.25, 0.08, 0.02), (0, 0.2, 0.2), 0.06, 0.05, inf, 0.12, 0, 14),
    "brass": Timbre(falling(12, 1.15), falling(18, 0.8), 0.12, 0.04, 2.5, 0.12, 3, 8),
    "strings": Timbre(falling(14, 1.3), (), 0.1, 0.18, inf, 0.4, 9, 10),
    "warm pad": Timbre(falling(7, 1.7), (), 0.1, 0.35, inf, 0.7, 12),
    "glass pad": Timbre((1, 0.1, 0.3, 0.05, 0.14, 0, 0.06), (), 0.1, 0.3, inf, 0.8, 8),
    "organ": Timbre((1, 0.7, 0.4, 0.5, 0, 0.2, 0, 0.25), (), 0.1, 0.01, inf, 0.08, 4),
    "synth lead": Timbre(falling(20, 1.05), falling(24, 0.7), 0.15, 0.006, 2.0, 0.12, 8, 6),
    "square lead": Timbre(falling(15, 1.0, odd=True), (), 0.1, 0.004, 1.2, 0.05),
    "synth pluck": Timbre((1, 0.4, 0.2, 0.1), falling(24, 0.8), 0.06, 0.002, 0.25, 0.1, 6),
    "round bass": Timbre((1, 0.45, 0.16, 0.06), falling(8, 1.0), 0.05, 0.006, 1.4, 0.06),
    "synth bass": Timbre(falling(10, 1.2), falling(20, 0.8), 0.09, 0.004, 0.8, 0.05, 4),
    "sub bass": Timbre((1, 0.2, 0.05), (0, 0.2, 0.2), 0.08, 0.012, 3.0, 0.08),
}


def play(timbre: Timbre, hertz: float, seconds: float) -> Samples:
    """One note at full strength, ``seconds`` long and then its release."""
    held, tail = frames(seconds), frames(timbre.release)
    note = np.zeros(held + tail, np.float32)
    strays = (0.0,) if timbre.detune == 0 else (-timbre.detune / 2, timbre.detune / 2)
    for cents in strays:
        phase = _phase(hertz * 2 ** (cents / 1200), len(note), timbre.vibrato)
        note += wave(timbre.body, hertz)[phase]
        if timbre.edge:
            note += wave(timbre.edge, hertz)[phase] * np.exp(-clock(len(note)) / np.float32(timbre.soften))
    return note * _envelope(timbre, held, tail) / np.float32(len(strays))


def _phase(hertz: float, count: int, vibrato: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    turns = np.arange(count, dtype=np.float64) * (hertz / RATE)
    if vibrato:
        depth = hertz * (2 ** (vibrato / 1200) - 1) / (2 * np.pi * 5.2)
        turns += depth * np.sin(2 * np.pi * 5.2 * np.arange(count) / RATE)
    return (turns * PERIOD).astype(np.int64) & (PERIOD - 1)


def _envelope(timbre: Timbre, held: int, tail: int) -> Samples:
    shape = np.ones(held + tail, np.float32)
    if timbre.decay != inf:
        shape *= np.exp(-clock(held + tail) / np.float32(timbre.decay))
    rise = min(frames(timbre.attack), held)
    shape[:rise] *= ramp(rise)
    shape[held:] *= ramp(tail)[::-1]
    return shape


def wave(harmonics: tuple[float, ...], hertz: float) -> Samples:
    """One period, of :data:`PERIOD` samples, with the harmonics that fit below the highest frequency."""
    return _period(harmonics[: max(1, int(_HIGHEST / hertz))])


@lru_cache(maxsize=512)
def _period(harmonics: tuple[float, ...]) -> Samples:
    turn = np.arange(PERIOD) * (2 * np.pi / PERIOD)
    sines = sum(amplitude * np.sin(k * turn) for k, amplitude in enumerate(harmonics, 1))
    strength = float(np.sqrt(sum(amplitude**2 for amplitude in harmonics))) or 1.0
    return np.asarray(sines / strength, np.float32)
