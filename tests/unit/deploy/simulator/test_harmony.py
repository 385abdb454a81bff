"""Scales and chords, against what any book of harmony says."""

import numpy as np
import pytest

from deploy.simulator.synthesis.harmony import PROGRESSIONS, Key, chord, fold, frequency
from deploy.simulator.synthesis.melody import tune
from deploy.simulator.synthesis.vowels import vowels_in


@pytest.mark.parametrize(
    ("scale", "root", "pitches"),
    [
        ("major", 0, [60, 64, 67]),
        ("major", 4, [67, 71, 74]),
        ("major", 5, [69, 72, 76]),
        ("minor", 0, [60, 63, 67]),
        ("minor", 4, [67, 70, 74]),
        ("minor", 5, [68, 72, 75]),
        ("dorian", 3, [65, 69, 72]),
        ("mixolydian", 6, [70, 74, 77]),
        ("lydian", 1, [62, 66, 69]),
        ("phrygian", 1, [61, 65, 68]),
    ],
)
def test_a_triad_is_built_in_thirds_of_its_scale(scale: str, root: int, pitches: list[int]) -> None:
    assert [Key(0, scale).pitch(degree) for degree in chord(root)] == pitches


def test_degrees_go_on_into_other_octaves() -> None:
    assert [Key(2, "major").pitch(degree) for degree in (-7, 0, 7, 9)] == [50, 62, 74, 78]


def test_folding_keeps_the_name_of_a_note() -> None:
    assert [fold(pitch, 53) for pitch in (60, 52, 53, 64, 65)] == [60, 64, 53, 64, 53]


def test_a_above_middle_c_is_440_hertz_and_an_octave_doubles() -> None:
    assert [frequency(69), frequency(81), frequency(57)] == [440, 880, 220]


@pytest.mark.parametrize("progression", [four for kind in PROGRESSIONS.values() for four in kind])
def test_a_tune_takes_a_note_of_the_chord_on_every_beat(progression: tuple[int, ...]) -> None:
    chance = np.random.default_rng(1)
    for note in tune(progression, 9, chance):
        if note.step % 4 == 0:
            root = progression[note.step // 16]
            assert (note.degree - root) % 7 in {0, 2, 4}


def test_the_vowels_of_a_verse_leave_its_markings_out() -> None:
    assert vowels_in("[Chorus]\nLove me do (oh)") == "oeeoo"
