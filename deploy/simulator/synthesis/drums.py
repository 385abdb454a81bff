"""The drum kit, and the patterns it plays: sixteen steps a bar, x for a hit, X accented, o barely touched."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np

from deploy.simulator.synthesis.signal import Samples, clock, frames

STEPS: Final = 16
STRENGTH: Final[Mapping[str, float]] = {"X": 1.0, "x": 0.75, "o": 0.35}

GROOVES: Final[Mapping[str, Mapping[str, str]]] = {
    "backbeat": {"kick": "X.....x.x.......", "snare": "....X.......X..o", "hat": "x.o.x.o.x.o.x.o."},
    "four on the floor": {"kick": "X...X...X...X...", "snare": "....x.......x...", "hat": "o.X.o.X.o.X.oxX."},
    "broken": {"kick": "X..x......x..x..", "snare": "....X..o.o..X..o", "hat": "xoxoxoxoxoxoxoxo"},
    "lazy": {"kick": "X......x..x.....", "snare": "....x.......x...", "hat": "x.o.x.oox.o.x.o."},
    "swing": {"kick": "o.......o.......", "snare": "....o..o....o...", "hat": "x...x..xx...x..x"},
    "march": {"kick": "X.......x...x...", "snare": "x..ox.o.x..ox.oo", "tom": "............x.X."},
    "drums of war": {"kick": "X..x..x.X..x..x.", "tom": "..x..x..X.x.x.x.", "hat": "o...o...o...o..."},
    "shaker": {"hat": "o.oxo.oxo.oxo.ox", "rim": "......x.....x..."},
}

_FILL: Final[Mapping[str, str]] = {"snare": "..........xxoxXX", "tom": "........x.x....."}


def pattern(groove: str, *, fill: bool = False) -> Mapping[str, str]:
    """The steps of one bar; the last bar of a phrase may end in a fill."""
    steps = dict(GROOVES[groove])
    if fill and "snare" in steps:
        steps |= _FILL
    return steps


@cache
def hit(drum: str) -> Samples:
    """One stroke at full strength."""
    return _DRUMS[drum]()


def _noise(count: int, seed: int) -> Samples:
    return np.random.default_rng(seed).standard_normal(count, dtype=np.float32)


def _sharp(noise: Samples, times: int) -> Samples:
    """Noise with its lows taken away."""
    for _ in range(times):
        noise = np.diff(noise, prepend=np.float32(0)) * np.float32(0.7)
    return noise


def _kick() -> Samples:
    t = clock(frames(0.4))
    fall = 48 * t + 2.4 * (1 - np.exp(-t * 38))
    return np.asarray(np.sin(2 * np.pi * fall) * np.exp(-t * 9) + 0.2 * np.exp(-t * 400), np.float32)


def _snare() -> Samples:
    t = clock(frames(0.28))
    body = np.sin(2 * np.pi * 190 * t) * np.exp(-t * 26)
    return np.asarray(0.55 * body + 0.38 * _sharp(_noise(len(t), 1), 1) * np.exp(-t * 17), np.float32)


def _hat() -> Samples:
    t = clock(frames(0.09))
    return np.asarray(0.3 * _sharp(_noise(len(t), 2), 3) * np.exp(-t * 60), np.float32)


def _tom() -> Samples:
    t = clock(frames(0.5))
    return np.asarray(0.8 * np.sin(2 * np.pi * (85 * t + 0.9 * (1 - np.exp(-t * 16)))) * np.exp(-t * 7), np.float32)


def _rim() -> Samples:
    t = clock(frames(0.06))
    return np.asarray(0.4 * np.sin(2 * np.pi * 1700 * t) * np.exp(-t * 90), np.float32)


def _cymbal() -> Samples:
    t = clock(frames(2.2))
    return np.asarray(0.16 * _sharp(_noise(len(t), 3), 2) * np.exp(-t * 2.2), np.float32)


_DRUMS: Final = {"kick": _kick, "snare": _snare, "hat": _hat, "tom": _tom, "rim": _rim, "cymbal": _cymbal}
