"""Tunes: a short rhythm asked, answered and brought home over four chords."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from deploy.simulator.synthesis.drums import STEPS
from deploy.simulator.synthesis.harmony import chord

RHYTHMS: Final = (
    "x...x...x.x.x...",
    "x.....x.x...x...",
    "x..x..x.x.......",
    "..x.x.x.x...x...",
    "x...x.x...x.x...",
    "x.......x.x.x.x.",
    "x..x..x..x..x.x.",
)
CADENCE: Final = "x...x...x......."
_REACH: Final = 5
"""Degrees a tune may stray from where it lives."""


@dataclass(frozen=True, slots=True)
class Note:
    """``step`` counts sixteenths from the start of the loop, ``length`` likewise; ``degree`` is of the scale."""

    step: int
    length: int
    degree: int


def tune(progression: tuple[int, ...], home: int, chance: np.random.Generator) -> list[Note]:
    """A melody over one loop: a bar, its variation, the first bar again, and a close on the chord.

    On a beat it takes the nearest note of the chord; between beats it walks by step.
    """
    question, variation = (str(rhythm) for rhythm in chance.choice(RHYTHMS, 2, replace=False))
    contour = chance.integers(-2, 3, size=STEPS)
    notes: list[Note] = []
    here = home
    for bar, root in enumerate(progression):
        rhythm = (question, variation, question, CADENCE)[bar % 4]
        for step, length in _lengths(rhythm):
            here += int(contour[(step + (bar % 2) * 3) % STEPS])
            here = home + int(np.clip(here - home, -_REACH, _REACH))
            if step % 4 == 0:
                here = _nearest(here, chord(root))
            notes.append(Note(bar * STEPS + step, length, here))
    return notes


def _lengths(rhythm: str) -> Iterator[tuple[int, int]]:
    onsets = [step for step, mark in enumerate(rhythm) if mark != "."]
    for step, following in zip(onsets, [*onsets[1:], STEPS], strict=True):
        yield step, following - step


def _nearest(degree: int, tones: tuple[int, ...]) -> int:
    octaves = [tone + 7 * octave for tone in tones for octave in range(-2, 4)]
    return min(octaves, key=lambda tone: (abs(tone - degree), tone))
