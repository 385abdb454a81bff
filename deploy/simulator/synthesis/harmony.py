"""Keys, scales and chords.  Music is written in degrees of a scale and becomes pitches only when played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SCALES: Final[Mapping[str, tuple[int, ...]]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}

PROGRESSIONS: Final[Mapping[str, tuple[tuple[int, ...], ...]]] = {
    "bright": ((0, 4, 5, 3), (0, 5, 3, 4), (3, 0, 4, 5), (0, 3, 0, 4), (5, 3, 0, 4), (0, 2, 3, 4)),
    "dark": ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 6), (5, 6, 0, 0), (0, 3, 6, 2), (0, 5, 3, 6)),
}
"""Four chords each, by the degree of their root, counted from 0."""

BRIGHT: Final = frozenset({"major", "lydian", "mixolydian"})
_DEGREES: Final = 7
_OCTAVE: Final = 12


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic, as a semitone above C, and the name of a scale on it."""

    tonic: int
    scale: str

    def pitch(self, degree: int) -> int:
        """The MIDI pitch of a degree, the tonic's octave around middle C; degrees go on above 6 and below 0."""
        octave, step = divmod(degree, _DEGREES)
        return 60 + self.tonic + _OCTAVE * octave + SCALES[self.scale][step]


def chord(root: int, *, seventh: bool = False) -> tuple[int, ...]:
    """The degrees of a triad or seventh chord in thirds."""
    return tuple(root + third for third in ((0, 2, 4, 6) if seventh else (0, 2, 4)))


def fold(pitch: int, lowest: int) -> int:
    """The pitch of the same name in the octave from ``lowest`` on.

    Chords folded into one octave move by the shortest way from one to the next.
    """
    return lowest + (pitch - lowest) % _OCTAVE


def frequency(pitch: float) -> float:
    """Hertz of a MIDI pitch."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))
