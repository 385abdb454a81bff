"""The shipped catalogue, and data that is refused."""

from typing import Any

import pytest

from shared.kernel.money import Money
from shared.market.catalogue import CatalogueError, parse_catalogue, shipped_catalogue
from shared.market.offers import reference_cost
from shared.market.parameters import ParameterRefused, Parameters, quantity, settled

ACE = "venice-ace-step-15"
GOOD: dict[str, Any] = {
    "id": "m",
    "kind": "music",
    "name": "M",
    "provider": "venice",
    "provider_model": "m",
    "created": 0,
    "pricing": {"generation": "1"},
}


def ask(model: str = ACE, **changes: Any) -> Parameters:
    return settled(Parameters(model=model, prompt="a tune", **changes), shipped_catalogue()[model])


@pytest.mark.parametrize(
    "name",
    [
        "venice-ace-step-15",
        "venice-elevenlabs-music",
        "venice-minimax-music-v26",
        "venice-stable-audio-25",
        "venice-elevenlabs-sound-effects-v2",
        "venice-mmaudio-v2-text-to-audio",
        "venice-elevenlabs-tts-v3",
    ],
)
def test_the_named_models_are_there(name: str) -> None:
    assert shipped_catalogue()[name].provider_model == name.removeprefix("venice-")


def test_the_alias_means_ace_step() -> None:
    found = shipped_catalogue().find("venice-music-gen")
    assert found is not None
    assert found.id == ACE


def test_a_minute_of_ace_step_lists_at_three_cents() -> None:
    model = shipped_catalogue()[ACE]
    assert reference_cost(model.pricing, quantity(ask(duration_seconds=60), model)) == Money(30_000)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"surprise": 1}, "surprise"),
        ({"pricing": {"per_hour": "1"}}, "per_hour"),
        ({"min_duration": 3}, "max_duration"),
        ({"min_duration": 3, "max_duration": 5, "default_duration": 9}, "default_duration"),
        ({"kind": "smell"}, "smell"),
        ({"min_prompt_length": 0}, "min_prompt_length"),
    ],
)
def test_wrong_data_is_refused_by_name(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        parse_catalogue([GOOD | change])


def test_a_model_named_twice_is_refused() -> None:
    with pytest.raises(CatalogueError, match="twice"):
        parse_catalogue([GOOD, GOOD])


def test_the_default_duration_is_filled_in() -> None:
    assert ask().duration_seconds == 60


@pytest.mark.parametrize(
    ("model", "change", "code", "param"),
    [
        (ACE, {"duration_seconds": 59}, "invalid_request", "duration_seconds"),
        (ACE, {"duration_seconds": 211}, "invalid_request", "duration_seconds"),
        (ACE, {"voice": "Aria"}, "unsupported_parameter", "voice"),
        (ACE, {"force_instrumental": True}, "unsupported_parameter", "force_instrumental"),
        (ACE, {"language_code": "en"}, "unsupported_parameter", "language_code"),
        (ACE, {"language_code": "EN"}, "invalid_request", "language_code"),
        ("venice-minimax-music-v26", {"duration_seconds": 60}, "unsupported_parameter", "duration_seconds"),
        ("venice-minimax-music-v25", {"lyrics_prompt": "x" * 3501}, "invalid_request", "lyrics_prompt"),
        ("venice-elevenlabs-tts-v3", {"voice": "Nobody"}, "invalid_request", "voice"),
        ("venice-stable-audio-25", {"lyrics_prompt": "la"}, "unsupported_parameter", "lyrics_prompt"),
    ],
)
def test_what_a_model_cannot_take_is_refused_by_name(model: str, change: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ParameterRefused) as refused:
        ask(model, **change)
    assert (refused.value.code, refused.value.param) == (code, param)


def test_saying_no_to_an_unsupported_switch_is_always_fine() -> None:
    assert ask(force_instrumental=False).force_instrumental is False
