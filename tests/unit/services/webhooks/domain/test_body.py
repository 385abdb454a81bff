"""What is sent."""

import json
from datetime import timedelta

from services.webhooks.domain.body import body_of
from tests.unit.services.webhooks.samples import AT, delivery


def test_it_says_what_happened_when_and_to_which_job() -> None:
    happened = delivery(type="music.generation.failed", happened_at=AT + timedelta(milliseconds=7))
    assert json.loads(body_of(happened, {"id": "1"})) == {
        "type": "music.generation.failed",
        "timestamp": "2026-03-04T12:00:00.007Z",
        "data": {"id": "1"},
    }


def test_text_is_not_made_longer_than_it_is() -> None:
    text = "音" * 5000
    assert len(body_of(delivery(), {"metadata": text})) < len(text.encode()) + 200


def test_what_utf_8_cannot_hold_arrives_all_the_same() -> None:
    body = body_of(delivery(), {"metadata": "\ud83d and \x00"})
    assert json.loads(body.decode())["data"] == {"metadata": "\ud83d and \x00"}
