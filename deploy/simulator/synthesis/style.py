"""How a piece sounds: chosen by chance from its seed, and pulled about by the words of its prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from deploy.simulator.synthesis.harmony import BRIGHT, PROGRESSIONS, SCALES, Key
from deploy.simulator.synthesis.moods import MOODS, Mood

_LEADS: Final = ("piano", "electric piano", "guitar", "flute", "synth lead", "marimba", "harp")
_PADS: Final = ("warm pad", "strings", "glass pad", "organ")
_PLUCKS: Final = ("synth pluck", "harp", "guitar", "music box", "electric piano", "marimba")
_BASSES: Final = ("round bass", "synth bass", "sub bass")
_GROOVES: Final = ("backbeat", "lazy", "broken", "shaker", "four on the floor")
_SLOWEST, _FASTEST = 54.0, 176.0


@dataclass(frozen=True, slots=True)
class Style:
    """``tempo`` in beats a minute; ``energy`` from 0 to 1; ``groove`` None has no drums."""

    key: Key
    tempo: float
    energy: float
    swing: bool
    sevenths: bool
    verse: tuple[int, ...]
    chorus: tuple[int, ...]
    lead: str
    pad: str
    pluck: str
    bass: str
    groove: str | None


def style_of(prompt: str, chance: np.random.Generator) -> Style:
    """The style of a prompt.  Words win over chance, later words over earlier ones."""
    heard = [MOODS[word] for word in re.findall(r"[\w'-]+", prompt.lower()) if word in MOODS]
    wish = _Wish(heard)
    scale = wish.scale or str(chance.choice(list(SCALES)[:5]))
    cadences = PROGRESSIONS["bright" if scale in BRIGHT else "dark"]
    verse, chorus = chance.choice(len(cadences), 2, replace=False)
    tempo = (wish.tempo or chance.uniform(80, 122)) * wish.haste
    groove = str(chance.choice(_GROOVES)) if wish.groove is None else wish.groove
    return Style(
        key=Key(int(chance.integers(-5, 7)), scale),
        tempo=float(np.clip(tempo, _SLOWEST, _FASTEST)),
        energy=float(np.clip(chance.uniform(0.45, 0.65) + wish.energy, 0.1, 1)),
        swing=any(mood.swing for mood in heard),
        sevenths=any(mood.sevenths for mood in heard) or chance.integers(4) == 0,
        verse=cadences[verse],
        chorus=cadences[chorus],
        lead=wish.lead or str(chance.choice(_LEADS)),
        pad=wish.pad or str(chance.choice(_PADS)),
        pluck=wish.pluck or str(chance.choice(_PLUCKS)),
        bass=wish.bass or str(chance.choice(_BASSES)),
        groove=groove or None,
    )


class _Wish:
    """What all the moods that were heard add up to."""

    def __init__(self, moods: list[Mood]) -> None:
        self.energy = sum(mood.energy for mood in moods)
        self.haste = float(np.prod([mood.haste for mood in moods])) if moods else 1.0
        self.tempo: float | None = None
        self.scale: str | None = None
        self.lead: str | None = None
        self.pad: str | None = None
        self.pluck: str | None = None
        self.bass: str | None = None
        self.groove: str | None = None
        for mood in moods:
            for name in ("tempo", "scale", "lead", "pad", "pluck", "bass", "groove"):
                if (value := getattr(mood, name)) is not None:
                    setattr(self, name, value)
