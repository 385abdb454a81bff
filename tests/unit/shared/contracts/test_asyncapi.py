"""The published document of events follows the code."""

from pathlib import Path

from shared.contracts.asyncapi import document, written
from shared.contracts.facts import FACTS

DOCUMENT = Path(__file__).parents[4] / "docs" / "events.json"


def test_the_document_in_docs_is_the_one_the_code_gives() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == written(), "run: make docs"


def test_every_fact_has_a_channel_a_message_and_a_schema() -> None:
    made = document()
    for part in (made["channels"], made["components"]["messages"], made["components"]["schemas"]):
        assert set(part) == set(FACTS)


def test_no_field_that_travels_is_named_like_a_secret() -> None:
    for fact in FACTS.values():
        for field in fact.event.model_fields:
            assert not any(word in field for word in ("secret", "token", "api_key", "password", "presigned"))
