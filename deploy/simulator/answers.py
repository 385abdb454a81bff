"""What the provider says to one call, as a value that has not been sent yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """A JSON document with its status."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AudioAnswer:
    """A finished rendering."""

    body: bytes
    content_type: str
    status: int = 200


Answer = JsonAnswer | AudioAnswer


class Refusal(Exception):
    """The provider says no; the exception carries the answer to give."""

    def __init__(self, answer: JsonAnswer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer
