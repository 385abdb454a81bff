"""Vowels: which harmonics of a voice ring in which mouth."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from deploy.simulator.synthesis.timbre import Timbre

FORMANTS: Final[Mapping[str, tuple[float, float, float]]] = {
    "a": (760, 1250, 2550),
    "e": (500, 1800, 2550),
    "i": (290, 2250, 3000),
    "o": (480, 850, 2500),
    "u": (320, 780, 2300),
    "y": (290, 1850, 2400),
    "m": (250, 1050, 2100),
}
"""Hertz of the three lowest resonances; m stands for all humming."""

_WEIGHTS: Final = (1.0, 0.55, 0.28)
_WIDTHS: Final = (85.0, 110.0, 160.0)
_HARMONICS: Final = 34


@lru_cache(maxsize=256)
def spectrum(vowel: str, hertz: int, size: float = 1.0) -> tuple[float, ...]:
    """Amplitudes of the harmonics of ``hertz``; ``size`` scales the resonances, below 1 for a larger head."""

    def ring(frequency: float) -> float:
        peaks = zip(FORMANTS[vowel], _WEIGHTS, _WIDTHS, strict=True)
        return sum(weight / (1 + ((frequency - centre * size) / width) ** 2) for centre, weight, width in peaks)

    return tuple((0.04 + ring(k * hertz)) * k**-0.5 for k in range(1, _HARMONICS + 1))


def sung(vowel: str, hertz: float) -> Timbre:
    """A singer holding a vowel at a pitch."""
    return Timbre(spectrum(vowel, round(hertz)), attack=0.06, release=0.12, detune=5, vibrato=22)


def vowels_in(text: str) -> str:
    """The vowels of a text in order, without what stands in brackets, as verse markings do."""
    kept, depth = [], 0
    for letter in text.lower():
        depth = max(0, depth + (letter == "[") - (letter == "]"))
        if not depth and letter in FORMANTS and letter != "m":
            kept.append(letter)
    return "".join(kept)
