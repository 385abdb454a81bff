"""Speech and sound effects."""

import numpy as np
import pytest

from deploy.simulator.synthesis.effects import TEXTURES
from deploy.simulator.synthesis.rendering import render
from tests.unit.deploy.simulator.listening import heard, level, likeness
from tests.unit.deploy.simulator.orders import order

_TEXT = "Good evening. This is the news, read to you by nobody in particular."


def test_longer_texts_take_longer_to_say_and_faster_speech_less_long() -> None:
    def seconds(text: str, **fields: object) -> float:
        samples, rate = heard("elevenlabs-tts-v3", text, **fields)
        return len(samples) / rate

    assert 3 < seconds(_TEXT) < 9
    assert seconds(_TEXT * 3) == pytest.approx(3 * seconds(_TEXT), rel=0.02)
    assert seconds(_TEXT, speed=1.2) == pytest.approx(seconds(_TEXT) / 1.2, rel=0.02)


@pytest.mark.parametrize("text", [_TEXT, "?", "日本語のテキスト", "1234", "mmm", "…"])
def test_any_text_can_be_spoken(text: str) -> None:
    samples, _ = heard("elevenlabs-tts-v3", text)
    assert np.abs(samples).max() < 0.95
    assert level(samples) > 0.02 or not any(letter.isalnum() for letter in text)


def test_voices_differ_and_each_is_always_the_same() -> None:
    assert render(order("elevenlabs-tts-v3", _TEXT, voice="Aria")) == render(order("elevenlabs-tts-v3", _TEXT))
    aria, roger = (heard("elevenlabs-tts-v3", _TEXT, voice=voice) for voice in ("Aria", "Roger"))
    assert likeness(aria, roger) < 0.97


@pytest.mark.parametrize("seconds", [1, 10, 40])
def test_speech_of_a_given_length_has_exactly_that(seconds: int) -> None:
    samples, rate = heard("seed-audio-1-0", _TEXT, duration_seconds=seconds)
    assert len(samples) == seconds * rate


@pytest.mark.parametrize("word", sorted(TEXTURES))
def test_every_effect_is_audible_undistorted_and_of_its_length(word: str) -> None:
    samples, rate = heard("sonilo-v1-1-sound-effects", f"the {word} outside", duration_seconds=2)
    assert len(samples) == 2 * rate
    assert 0.02 < level(samples) < 0.4
    assert np.abs(samples).max() < 0.95


def test_effects_sound_like_different_things() -> None:
    rain, thunder = (heard("sonilo-v1-1-sound-effects", word) for word in ("rain", "thunder"))
    assert likeness(rain, thunder) < 0.5


def test_a_loop_ends_where_it_begins() -> None:
    samples, _ = heard("elevenlabs-sound-effects-v2", "wind", duration_seconds=3, loop=True)
    seam = np.abs(samples[0] - samples[-1]).max()
    assert seam <= np.abs(np.diff(samples, axis=0)).max()
    assert level(samples[:100]) > 0.001
