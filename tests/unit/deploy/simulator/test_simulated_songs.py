"""Songs: as long as they were ordered, audible, undistorted, and different for different words."""

import numpy as np
import pytest

from deploy.simulator.synthesis.arrangement import form, song
from deploy.simulator.synthesis.harmony import SCALES
from deploy.simulator.synthesis.rendering import render
from deploy.simulator.synthesis.style import style_of
from tests.unit.deploy.simulator.listening import heard, level, likeness, pitch_classes
from tests.unit.deploy.simulator.orders import order


@pytest.mark.parametrize(
    ("model", "seconds"),
    [
        ("ace-step-15", 60),
        ("elevenlabs-music", 3),
        ("elevenlabs-music", 7),
        ("stable-audio-25", 1),
        ("stable-audio-25", 47),
    ],
)
def test_a_song_is_as_long_as_it_was_ordered(model: str, seconds: int) -> None:
    samples, rate = heard(model, "a song of some length", duration_seconds=seconds)
    assert len(samples) / rate == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize(
    "prompt", ["calm piano at night", "fast techno", "epic orchestral battle", "lofi chill", "ambient space", "xyzzy"]
)
def test_a_song_is_audible_in_stereo_and_nowhere_clipped(prompt: str) -> None:
    samples, rate = heard("stable-audio-25", prompt, duration_seconds=30)
    seconds = samples[: 30 * rate].reshape(30, rate, 2)
    assert 0.05 < level(samples) < 0.3
    assert np.abs(samples).max() < 0.95
    assert min(level(second) for second in seconds[:-1]) > 0.01
    assert level(samples[:, 0] - samples[:, 1]) > 0.05 * level(samples)


def test_sections_follow_each_other_without_a_gap() -> None:
    samples = np.concatenate(list(song("ambient organ", lyrics="", seconds=60, seed=5)))
    moments = samples[: len(samples) // 160 * 160].reshape(-1, 160, 2)
    levels = np.array([level(moment.astype(np.float64)) for moment in moments])
    assert levels[20 : len(levels) * 9 // 10].min() > 0.15 * np.median(levels)


def test_a_song_ends_in_silence_and_without_a_click() -> None:
    samples, rate = heard("stable-audio-25", "church organ and strings", duration_seconds=20)
    assert level(samples[-rate // 50 :]) < 0.01
    assert np.abs(np.diff(samples, axis=0)).max() < 0.75


def test_the_same_order_gives_the_same_bytes() -> None:
    assert render(order("elevenlabs-music", duration_seconds=5)) == render(
        order("elevenlabs-music", duration_seconds=5)
    )


def test_different_words_sound_different() -> None:
    prompts = ("calm piano", "dark techno", "jazz at midnight", "epic orchestral trailer")
    songs = [heard("stable-audio-25", prompt, duration_seconds=20) for prompt in prompts]
    for place, one in enumerate(songs):
        for other in songs[place + 1 :]:
            assert likeness(one, other) < 0.97


@pytest.mark.parametrize("seed", range(4))
def test_a_song_stays_in_its_key(seed: int) -> None:
    key = style_of("ambient", np.random.default_rng(seed)).key
    samples = np.concatenate(list(song("ambient", lyrics="", seconds=30, seed=seed)))
    shares = pitch_classes(samples.astype(np.float64), 32_000)
    in_key = [(key.tonic + step) % 12 for step in SCALES[key.scale]]
    assert shares[in_key].sum() > 0.9


def test_lyrics_are_sung() -> None:
    lyrics = "[verse]\nOh, over the ocean we go"
    sung = order("elevenlabs-music", duration_seconds=20, lyrics_prompt=lyrics)
    played = order("elevenlabs-music", duration_seconds=20, lyrics_prompt=lyrics, force_instrumental=True)
    assert render(sung) != render(played)


def test_a_song_without_a_duration_decides_for_itself() -> None:
    blocks = list(song("folk", lyrics="", seconds=75, seed=3))
    assert sum(map(len, blocks)) == 75 * 32_000
    samples, rate = heard("lyria-3-pro", "folk")
    assert 75 <= len(samples) / rate <= 121


@pytest.mark.parametrize("bars", range(1, 130))
def test_the_sections_of_a_song_fill_its_bars(bars: int) -> None:
    assert sum(section.bars for section in form(bars)) == bars


def test_a_long_song_has_an_intro_verses_choruses_and_an_outro() -> None:
    names = [section.name for section in form(40)]
    assert (names[0], names[1], names[2], names[-1]) == ("intro", "verse", "chorus", "outro")


@pytest.mark.parametrize(
    ("prompt", "trait", "value"),
    [
        ("a happy tune", "scale", "major"),
        ("something DARK, please", "scale", "minor"),
        ("solo piano", "lead", "piano"),
        ("techno", "groove", "four on the floor"),
        ("ambient textures", "groove", None),
        ("dark but joyful", "scale", "major"),
    ],
)
def test_the_words_of_a_prompt_are_heard(prompt: str, trait: str, value: str | None) -> None:
    for seed in range(5):
        style = style_of(prompt, np.random.default_rng(seed))
        assert (style.key.scale if trait == "scale" else getattr(style, trait)) == value


def test_fast_is_faster_than_calm() -> None:
    fast, calm = (style_of(words, np.random.default_rng(1)) for words in ("fast", "calm"))
    assert fast.tempo > calm.tempo
    assert fast.energy > calm.energy
