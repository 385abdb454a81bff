"""Letters as they lie in the documents they belong to."""

from __future__ import annotations

from typing import Any

from services.api.domain.outbox import Letter
from shared.contracts.records.document import Document


def letter_document(letter: Letter) -> dict[str, Any]:
    """The stored form."""
    return {
        "event_id": letter.event_id,
        "routing_key": letter.routing_key,
        "body": letter.body,
        "mandatory": letter.mandatory,
        "at": letter.at,
    }


def read_letter(document: Document) -> Letter:
    """What :func:`letter_document` wrote."""
    return Letter(
        event_id=document["event_id"],
        routing_key=document["routing_key"],
        body=bytes(document["body"]),
        mandatory=document["mandatory"],
        at=document["at"],
    )
