"""What a model takes and what it refuses."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.simulator.answers import Refusal
from deploy.simulator.bodies import QueueBody
from deploy.simulator.catalogue import Model, load_catalogue
from deploy.simulator.orders import take_order
from tests.unit.deploy.simulator.orders import order

_ACE = load_catalogue().find("ace-step-15")
assert _ACE is not None


def _complaint(refusal: Refusal) -> str:
    body: Any = refusal.answer.body
    assert refusal.answer.status == 400
    return str(body["issues"][0]["path"][0])


@pytest.mark.parametrize(
    ("model", "fields", "field"),
    [
        ("ace-step-15", {"duration_seconds": 59}, "duration_seconds"),
        ("ace-step-15", {"duration_seconds": "211"}, "duration_seconds"),
        ("ace-step-15", {"prompt": "x" * 2001}, "prompt"),
        ("ace-step-15", {"lyrics_prompt": "x" * 5001}, "lyrics_prompt"),
        ("ace-step-15", {"force_instrumental": True}, "force_instrumental"),
        ("ace-step-15", {"force_instrumental": False}, "force_instrumental"),
        ("ace-step-15", {"voice": "Aria"}, "voice"),
        ("ace-step-15", {"language_code": "en"}, "language_code"),
        ("ace-step-15", {"speed": 1}, "speed"),
        ("ace-step-15", {"loop": True}, "loop"),
        ("ace-step-15", {"lyrics_optimizer": True}, "lyrics_optimizer"),
        ("stable-audio-25", {"lyrics_prompt": "la"}, "lyrics_prompt"),
        ("minimax-music-v26", {"duration_seconds": 60}, "duration_seconds"),
        ("minimax-music-v26", {"lyrics_prompt": "la", "lyrics_optimizer": True}, "lyrics_prompt"),
        ("elevenlabs-tts-v3", {"voice": "Nobody"}, "voice"),
        ("elevenlabs-tts-v3", {"language_code": "english"}, "language_code"),
        ("elevenlabs-tts-v3", {"speed": 2.0}, "speed"),
    ],
)
def test_what_a_model_does_not_support_is_refused_by_name(model: str, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        order(model, **fields)
    assert _complaint(refusal.value) == field


def test_a_duration_may_be_written_as_a_number_or_as_its_digits() -> None:
    assert order(duration_seconds=90) == order(duration_seconds="90")


def test_an_omitted_duration_is_the_default_where_there_is_one() -> None:
    assert order().seconds == 60
    assert order("lyria-3-pro").seconds is None


def test_a_model_that_wants_lyrics_is_not_content_without() -> None:
    assert isinstance(_ACE, Model)
    demanding = replace(_ACE, spec=dict(_ACE.spec) | {"lyrics_required": True})
    with pytest.raises(Refusal) as refusal:
        take_order(demanding, QueueBody(model=_ACE.id, prompt="x"))
    assert _complaint(refusal.value) == "lyrics_prompt"


def test_an_instrumental_drops_its_lyrics() -> None:
    instrumental = order("elevenlabs-music", lyrics_prompt="la la", force_instrumental=True)
    assert instrumental.lyrics == ""


@pytest.mark.parametrize(
    ("model", "fields", "usd"),
    [
        ("ace-step-15", {}, "0.030000"),
        ("ace-step-15", {"duration_seconds": 61}, "0.040000"),
        ("elevenlabs-music", {"duration_seconds": 600}, "6.900000"),
        ("sonilo-v1-1-music", {"duration_seconds": 60}, "0.172500"),
        ("lyria-3-pro", {}, "0.100000"),
        ("elevenlabs-tts-v3", {"prompt": "x" * 100}, "0.011500"),
    ],
)
def test_an_order_costs_its_list_price(model: str, fields: dict[str, Any], usd: str) -> None:
    assert str(order(model, **fields).price) == usd


def test_the_same_words_for_another_duration_are_the_same_piece_but_another_rendering() -> None:
    short, long = order(duration_seconds=60), order(duration_seconds=120)
    assert short.seed == long.seed
    assert short.digest != long.digest
    assert order(prompt="other words").seed != short.seed
