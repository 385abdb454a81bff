"""The form of a song, and the song itself, in blocks of exactly as many samples as were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from deploy.simulator.synthesis.band import Band
from deploy.simulator.synthesis.drums import STEPS
from deploy.simulator.synthesis.mixing import makeup, mix, room
from deploy.simulator.synthesis.signal import RATE, Samples, fade_edges, frames, limit, ramp
from deploy.simulator.synthesis.style import style_of
from deploy.simulator.synthesis.vowels import vowels_in

_JOIN: Final = frames(0.02)
_EIGHT: Final = 8


@dataclass(frozen=True, slots=True)
class Section:
    """So many bars of ``intro``, ``verse``, ``chorus`` or ``outro``."""

    name: str
    bars: int


def form(bars: int) -> list[Section]:
    """Split a song of ``bars`` into sections, the closing bar not counted.

    Long songs have an intro and an outro around verses and choruses of eight bars; short ones lose
    those first, and the shortest is a single verse.
    """
    intro = 4 if bars >= 20 else 2 if bars >= 8 else 0  # noqa: PLR2004
    outro = 4 if bars >= 24 else 0  # noqa: PLR2004
    phrase = _EIGHT if bars >= 24 else 4  # noqa: PLR2004
    sections = [Section("intro", intro)]
    left, name = bars - intro - outro, "verse"
    while left > 0:
        length = left if left < phrase + 2 else phrase
        sections.append(Section(name, length))
        left, name = left - length, "chorus" if name == "verse" else "verse"
    sections.append(Section("outro", outro))
    return [section for section in sections if section.bars]


def song(prompt: str, *, lyrics: str, seconds: float, seed: int) -> Iterator[Samples]:
    """A song of exactly ``seconds``, as stereo blocks.

    The tempo gives way a little so that whole bars fill the time, and the last bar is the closing chord.
    """
    chance = np.random.default_rng(seed)
    style = style_of(prompt, chance)
    total = frames(seconds)
    bars = max(2, round(seconds * style.tempo / 240))
    step = total // (bars * STEPS) // 8 * 8
    band = Band(style, step, vowels_in(lyrics))
    verse, chorus = band.play(style.verse, 9, chance), band.play(style.chorus, 11, chance)
    sections = form(bars - 1)
    loops = {part.name: mix(chorus if part.name == "chorus" else verse, part.name) for part in sections}
    gain = makeup(list(loops.values()))
    loops = {name: limit(loop * gain) for name, loop in loops.items()}
    yield from _laid_out(sections, loops, step * STEPS)
    yield _closing(band, total - (bars - 1) * step * STEPS, float(gain))


def _laid_out(sections: list[Section], loops: dict[str, Samples], bar: int) -> Iterator[Samples]:
    """The sections one after the other.

    Each gives way to the next within its last moments: the next is heard through the end of its own
    loop, so that it begins in full on its first beat.
    """
    for place, section in enumerate(sections):
        length = section.bars * bar
        loop = loops[section.name]
        block = np.tile(loop, (-(-length // len(loop)), 1))[:length]
        block[-_JOIN:] *= ramp(_JOIN)[::-1, None]
        if place + 1 < len(sections):
            block[-_JOIN:] += loops[sections[place + 1].name][-_JOIN:] * ramp(_JOIN)[:, None]
        yield fade_edges(block, 0.01, 0) if place == 0 else block


def _closing(band: Band, length: int, gain: float) -> Samples:
    struck = band.final_chord(length)
    padded = np.concatenate([struck, np.zeros_like(struck)])
    ringing = (struck + 0.5 * room(padded)[:length]) * np.float32(gain)
    return fade_edges(limit(ringing.astype(np.float32)), 0, 0.6 * length / RATE)
