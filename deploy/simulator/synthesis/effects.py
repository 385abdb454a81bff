"""Sound effects: a bed of shaped noise that swells, and strokes scattered over it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deploy.simulator.synthesis.reel import Reel
from deploy.simulator.synthesis.signal import RATE, Samples, clock, fade_edges, frames, limit, loudness

_TURN: Final = np.float32(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Texture:
    """``low`` and ``high`` bound the bed in hertz; ``swell`` is its period in seconds, 0 for a steady one."""

    low: float = 200
    high: float = 4000
    bed: float = 1.0
    swell: float = 0.0
    stroke: str = "drop"
    strokes_per_second: float = 0.0
    regular: bool = False


_TEXTURES: Final[tuple[tuple[str, Texture], ...]] = (
    ("rain drizzle shower", Texture(500, 9000, 0.5, 0, "drop", 40)),
    ("wind storm breeze blizzard", Texture(90, 900, 1.0, 4.5)),
    ("sea ocean waves surf beach", Texture(120, 3500, 1.0, 6.5)),
    ("river stream water waterfall", Texture(300, 6000, 0.8, 0.9, "drop", 14)),
    ("thunder explosion blast boom", Texture(25, 220, 0.7, 5, "blast", 0.3)),
    ("fire campfire fireplace", Texture(80, 1200, 0.5, 1.7, "crackle", 16)),
    ("engine motor car machine factory", Texture(40, 700, 0.8, 0.12, "thump", 9, regular=True)),
    ("footsteps steps walking knock knocking", Texture(100, 500, 0.1, 0, "thump", 1.9, regular=True)),
    ("heartbeat heart", Texture(30, 90, 0.2, 0, "thump", 1.2, regular=True)),
    ("bell bells chime chimes", Texture(500, 5000, 0.05, 0, "bell", 0.8)),
    ("laser zap spaceship robot alien", Texture(150, 2500, 0.15, 1.1, "zap", 2.5)),
    ("bird birds forest jungle", Texture(300, 3000, 0.2, 3.0, "chirp", 3)),
    ("whoosh swoosh transition sweep", Texture(200, 7000, 1.0, 1.6)),
    ("clock ticking tick", Texture(300, 900, 0.05, 0, "crackle", 2, regular=True)),
)
TEXTURES: Final[Mapping[str, Texture]] = {word: texture for words, texture in _TEXTURES for word in words.split()}


def effect(prompt: str, *, seconds: float, seed: int, loop: bool) -> Iterator[Samples]:
    """One stereo block of exactly ``seconds``; with ``loop`` its end joins its beginning."""
    chance = np.random.default_rng(seed)
    heard = [TEXTURES[word] for word in re.findall(r"\w+", prompt.lower()) if word in TEXTURES]
    textures = heard or [list(TEXTURES.values())[int(chance.integers(len(TEXTURES)))]]
    layers = [_layer(texture, frames(seconds), chance) for texture in dict.fromkeys(textures)]
    sound = np.asarray(sum(layers), np.float32)
    sound = limit(sound * np.float32(0.14 / (loudness(sound) or 1)))
    yield sound if loop else fade_edges(sound, 0.03, min(0.4, seconds / 4))


def _layer(texture: Texture, count: int, chance: np.random.Generator) -> Samples:
    reel = Reel(count)
    reel.tape += _bed(texture, count, chance)
    strokes = round(texture.strokes_per_second * count / RATE) or bool(texture.strokes_per_second)
    for number in range(int(strokes)):
        place = number / strokes if texture.regular else chance.random()
        hertz = float(2 ** chance.uniform(-1, 1))
        gain = 1.0 if texture.regular else float(chance.uniform(0.3, 1))
        stroke = STROKES[texture.stroke](hertz)[:count]
        reel.lay(stroke, int(place * count), gain=gain, pan=float(chance.uniform(-0.8, 0.8)))
    return reel.tape


def _bed(texture: Texture, count: int, chance: np.random.Generator) -> Samples:
    """Noise between two frequencies, louder and softer a whole number of times."""
    white = np.fft.rfft(chance.standard_normal((count, 2), dtype=np.float32), axis=0)
    hertz = np.fft.rfftfreq(count, 1 / RATE)[:, None] + 1.0
    shape = 1 / (1 + (texture.low / hertz) ** 4) / (1 + (hertz / texture.high) ** 3) * hertz**-0.5
    noise = np.fft.irfft(white * shape, count, axis=0).astype(np.float32)
    noise *= np.float32(0.3 * texture.bed / (loudness(noise) or 1))
    if texture.swell:
        swells = max(1, round(count / RATE / texture.swell))
        turn = np.linspace(0, 2 * np.pi * swells, count, endpoint=False, dtype=np.float32)
        noise *= (0.55 - 0.45 * np.cos(turn))[:, None] ** 1.5
    return noise


def _drop(pitch: float) -> Samples:
    return _struck(0.05, 90, lambda t: 0.3 * np.sin(_TURN * (1400 * pitch * t + 9000 * t * t)))


def _thump(_pitch: float) -> Samples:
    return _struck(0.25, 22, lambda t: np.sin(_TURN * (62 * t + 0.8 * (1 - np.exp(-t * 60)))))


def _crackle(_pitch: float) -> Samples:
    return _struck(0.02, 260, lambda t: 0.9 * _static(t))


def _blast(_pitch: float) -> Samples:
    return _struck(3.0, 1.5, lambda t: 0.02 * np.cumsum(_static(t)))


def _bell(pitch: float) -> Samples:
    partials = enumerate((1.0, 2.0, 2.4, 3.0, 4.5), 1)
    tones = [(0.25 / rank, _TURN * 440 * pitch * ratio) for rank, ratio in partials]
    return _struck(2.5, 1.6, lambda t: np.asarray(sum(gain * np.sin(turn * t) for gain, turn in tones)))


def _zap(pitch: float) -> Samples:
    return _struck(0.35, 8, lambda t: 0.5 * np.sin(_TURN * 2800 * pitch * t * np.exp(-t * 9)))


def _chirp(pitch: float) -> Samples:
    return _struck(0.18, 14, lambda t: 0.4 * np.sin(_TURN * 2600 * pitch * t + 9 * np.sin(_TURN * 22 * t)))


def _struck(seconds: float, rate: float, tone: Callable[[Samples], NDArray[np.floating]]) -> Samples:
    """A tone that begins at once and dies away at ``rate`` per second."""
    t = clock(frames(seconds))
    return np.asarray(tone(t) * np.minimum(1, t * 400) * np.exp(-t * rate), np.float32)


def _static(t: Samples) -> Samples:
    return np.random.default_rng(11).standard_normal(len(t), dtype=np.float32)


STROKES: Final[Mapping[str, Callable[[float], Samples]]] = {
    "drop": _drop,
    "thump": _thump,
    "crackle": _crackle,
    "blast": _blast,
    "bell": _bell,
    "zap": _zap,
    "chirp": _chirp,
}
