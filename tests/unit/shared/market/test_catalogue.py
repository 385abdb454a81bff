"""The shipped catalogue, and data that is refused."""

from typing import Any

import pytest

from shared.kernel.money import Money
from shared.market.catalogue import (
    CatalogueError,
    catalogue_text,
    parse_catalogue,
    read_catalogue,
    shipped_catalogue,
    shipped_text,
)
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
        ({"kind": "smell"}, "kind"),
        ({"min_prompt_length": 0}, "min_prompt_length"),
    ],
)
def test_wrong_data_is_refused_by_name(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        parse_catalogue([GOOD | change])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created", "x"),
        ("created", 1.5),
        ("created", True),
        ("created", -1),
        ("id", "with space"),
        ("id", ""),
        ("name", None),
        ("name", "two\nlines"),
        ("provider", ["venice"]),
        ("provider_model", 7),
        ("pricing", "30000"),
        ("pricing", {"generation": 30000}),
        ("aliases", "venice-music-gen"),
        ("aliases", [1]),
        ("min_duration", "3"),
        ("max_duration", 3.0),
        ("default_duration", False),
        ("min_prompt_length", None),
        ("prompt_limit", "2000"),
        ("prompt_limit", 2001),
        ("lyrics_limit", 5001),
        ("supports_lyrics", 1),
        ("supports_force_instrumental", "yes"),
        ("supports_language_code", None),
        ("lyrics_required", True),
        ("speaks_lyrics", True),
        ("voices", {"Aria": 1}),
        ("voices", ["Aria", "Aria"]),
        ("voices", [""]),
        ("assumed", ["pricing"]),
        ("assumed", "prompt_limit"),
        ("assumed", [[]]),
    ],
)
def test_a_field_of_the_wrong_sort_is_refused_by_model_and_name(field: str, value: object) -> None:
    name = value if field == "id" else "m"
    with pytest.raises(CatalogueError, match=rf"{name}: {field} "):
        parse_catalogue([GOOD | {field: value}])


@pytest.mark.parametrize("field", sorted(GOOD.keys() - {"id"}))
def test_what_a_model_must_say_is_named_when_it_is_missing(field: str) -> None:
    with pytest.raises(CatalogueError, match=f"m: {field} is missing"):
        parse_catalogue([{name: value for name, value in GOOD.items() if name != field}])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "nested"),
        ("{}", "list"),
        ("[]", "at least one"),
        ("[1]", "model 1"),
        ('[{"id": "m", "created": 1, "created": 2}]', "m: created is there twice"),
    ],
)
def test_a_file_that_is_no_list_of_models_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        read_catalogue(text)


def test_a_catalogue_is_written_as_it_is_read() -> None:
    assert catalogue_text(shipped_catalogue()) == shipped_text()


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
