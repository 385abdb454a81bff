"""The bodies Venice is sent."""

from typing import Any

import pytest

from shared.market.catalogue import shipped_catalogue
from shared.market.parameters import Parameters
from shared.providers.provider import Handed
from shared.providers.venice.requests import handed_body, queue_body, quote_body

CATALOGUE = shipped_catalogue()
SONG = CATALOGUE["venice-elevenlabs-music"]
SPEECH = CATALOGUE["venice-elevenlabs-tts-v3"]


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ({}, {}),
        ({"duration_seconds": 60}, {"duration_seconds": 60}),
        ({"lyrics_prompt": "la la"}, {"lyrics_prompt": "la la"}),
        ({"force_instrumental": True}, {"force_instrumental": True}),
        ({"force_instrumental": False}, {}),
        ({"voice": "Aria", "language_code": "en"}, {"voice": "Aria", "language_code": "en"}),
    ],
    ids=str,
)
def test_a_queue_body_holds_what_was_said_and_nothing_else(said: dict[str, Any], sent: dict[str, Any]) -> None:
    body = queue_body(SONG, Parameters(SONG.id, "rain", **said))
    assert body == {"model": "elevenlabs-music", "prompt": "rain", **sent}


def test_a_quote_says_the_model_and_the_duration() -> None:
    assert quote_body(SONG, Parameters(SONG.id, "rain", duration_seconds=90, voice="Aria")) == {
        "model": "elevenlabs-music",
        "duration_seconds": 90,
    }


def test_characters_are_counted_only_where_they_are_priced() -> None:
    assert quote_body(SPEECH, Parameters(SPEECH.id, "Good evening")) == {
        "model": "elevenlabs-tts-v3",
        "character_count": 12,
    }
    assert "character_count" not in quote_body(SONG, Parameters(SONG.id, "rain"))


def test_retrieve_and_complete_are_told_the_model_and_the_id() -> None:
    assert handed_body(Handed("m", "q", "music")) == {"model": "m", "queue_id": "q"}
