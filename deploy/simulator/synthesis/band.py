"""The band: plays one progression as loops of four bars, a reel for each part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from deploy.simulator.synthesis.drums import STEPS, STRENGTH, hit, pattern
from deploy.simulator.synthesis.harmony import chord, fold, frequency
from deploy.simulator.synthesis.melody import Note, tune
from deploy.simulator.synthesis.reel import Reel
from deploy.simulator.synthesis.signal import RATE, Samples
from deploy.simulator.synthesis.style import Style
from deploy.simulator.synthesis.timbre import INSTRUMENTS, Timbre, play
from deploy.simulator.synthesis.vowels import sung

BARS: Final = 4
_BASS_LINES: Final = ("x...............", "x.......x.....x.", "x..x..x.x..x..x.", "x.x.x.x.x.x.x.xo")
_FIGURES: Final = ((0, 1, 2, 1), (0, 1, 2, 3, 2, 1), (2, 1, 0, 1), (0, 2, 1, 2), (0, 1, 2, 3))


@dataclass(frozen=True)
class Band:
    """``step`` is the length of a sixteenth in samples; ``vowels`` are sung along with the lead, if there are any."""

    style: Style
    step: int
    vowels: str = ""

    def play(self, progression: tuple[int, ...], home: int, chance: np.random.Generator) -> dict[str, Samples]:
        """Every part of one loop.  ``home`` is the degree around which the melody lives."""
        melody = tune(progression, home, chance)
        parts = {
            "pad": self._pad(progression),
            "bass": self._bass(progression),
            "pluck": self._pluck(progression, chance),
            "lead": self._lead(melody),
        }
        if self.style.groove is not None:
            parts["drums"] = self._drums(self.style.groove)
        if self.vowels:
            parts["voice"] = self._voice(melody)
        return parts

    def final_chord(self, length: int) -> Samples:
        """The tonic, struck by everybody once and left to ring; begins and ends within ``length`` samples."""
        reel, style = Reel(length), self.style
        seconds = length / RATE
        for place, degree in enumerate(chord(0, seventh=style.sevenths)):
            pitch = fold(style.key.pitch(degree), 55)
            for name, gain in ((style.pad, 0.2), (style.lead, 0.22), (style.pluck, 0.16)):
                timbre = INSTRUMENTS[name]
                held = max(0.05, seconds - timbre.release)
                reel.lay(play(timbre, frequency(pitch), held)[:length], 0, gain=gain, pan=place * 0.4 - 0.4)
        bass = play(INSTRUMENTS[style.bass], frequency(fold(style.key.pitch(0), 33)), max(0.05, seconds - 0.1))
        reel.lay(bass[:length], 0, gain=0.5)
        if style.groove is not None:
            for drum, gain in (("kick", 0.8), ("cymbal", 0.5)):
                reel.lay(hit(drum)[:length], 0, gain=gain)
        return reel.tape

    def _reel(self) -> Reel:
        return Reel(self.step * STEPS * BARS)

    def _at(self, step: int) -> int:
        """Sample of a step; with swing, off-beat eighths come late."""
        late = self.step * 2 // 3 if self.style.swing and step % 4 == 2 else 0  # noqa: PLR2004
        return step * self.step + late

    def _player(self, timbre: Timbre) -> Callable[[int, int], Samples]:
        """Plays a pitch for a number of steps; the same note is made once."""
        made: dict[tuple[int, int], Samples] = {}

        def note(pitch: int, steps: int) -> Samples:
            if (pitch, steps) not in made:
                made[pitch, steps] = play(timbre, frequency(pitch), steps * self.step / RATE)
            return made[pitch, steps]

        return note

    def _pad(self, progression: tuple[int, ...]) -> Samples:
        reel, note = self._reel(), self._player(INSTRUMENTS[self.style.pad])
        for bar, root in enumerate(progression):
            for place, degree in enumerate(chord(root, seventh=self.style.sevenths)):
                pitch = fold(self.style.key.pitch(degree), 53)
                reel.lay(note(pitch, STEPS), self._at(bar * STEPS), gain=0.16, pan=place * 0.6 - 0.6)
        return reel.tape

    def _bass(self, progression: tuple[int, ...]) -> Samples:
        reel, note = self._reel(), self._player(INSTRUMENTS[self.style.bass])
        line = _BASS_LINES[min(len(_BASS_LINES) - 1, int(self.style.energy * len(_BASS_LINES)))]
        onsets = [step for step, mark in enumerate(line) if mark != "."]
        for bar, root in enumerate(progression):
            pitch = fold(self.style.key.pitch(root), 33)
            for onset, following in zip(onsets, [*onsets[1:], STEPS], strict=True):
                up = 12 if onset % 8 == 6 and self.style.energy > 0.5 else 0  # noqa: PLR2004
                reel.lay(note(pitch + up, following - onset), self._at(bar * STEPS + onset), gain=0.42)
        return reel.tape

    def _pluck(self, progression: tuple[int, ...], chance: np.random.Generator) -> Samples:
        reel, note = self._reel(), self._player(INSTRUMENTS[self.style.pluck])
        figure = _FIGURES[int(chance.integers(len(_FIGURES)))]
        stride = 1 if self.style.energy > 0.75 else 2  # noqa: PLR2004
        for bar, root in enumerate(progression):
            pitches = sorted(fold(self.style.key.pitch(degree), 62) for degree in chord(root, seventh=True))
            for count, step in enumerate(range(0, STEPS, stride)):
                pitch = pitches[figure[count % len(figure)]]
                accent = 0.2 if step % 4 == 0 else 0.14
                side = 0.55 if count % 2 else -0.55
                reel.lay(note(pitch, stride), self._at(bar * STEPS + step), gain=accent, pan=side)
        reel.echo(self.step * 3, 0.3)
        return reel.tape

    def _lead(self, melody: list[Note]) -> Samples:
        reel, note = self._reel(), self._player(INSTRUMENTS[self.style.lead])
        for tone in melody:
            pitch = self.style.key.pitch(tone.degree)
            reel.lay(note(pitch, tone.length), self._at(tone.step), gain=0.3, pan=0.1)
        reel.echo(self.step * 6, 0.24)
        return reel.tape

    def _voice(self, melody: list[Note]) -> Samples:
        reel = self._reel()
        for count, tone in enumerate(melody):
            pitch = fold(self.style.key.pitch(tone.degree), 55)
            timbre = sung(self.vowels[count % len(self.vowels)], frequency(pitch))
            note = play(timbre, frequency(pitch), tone.length * self.step / RATE)
            reel.lay(note, self._at(tone.step), gain=0.34, pan=-0.05)
        return reel.tape

    def _drums(self, groove: str) -> Samples:
        reel = self._reel()
        for bar in range(BARS):
            for drum, steps in pattern(groove, fill=bar == BARS - 1).items():
                for step, mark in enumerate(steps):
                    if mark != ".":
                        gain = 0.85 * STRENGTH[mark] * (0.55 + 0.45 * self.style.energy)
                        side = {"hat": 0.35, "tom": -0.3}.get(drum, 0.0)
                        reel.lay(hit(drum), self._at(bar * STEPS + step), gain=gain, pan=side)
        return reel.tape
