"""What a refusal says: one reading of the three shapes in which Venice words its errors.

``{"error": "text"}``, ``{"error": {"message", "code", …}}`` as OpenAI has it, and
``{"error": "text", "details" | "issues": …}`` with the fields that were wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from shared.kernel.secret import Secret
from shared.providers.venice.replies import Unreadable

MESSAGE_LIMIT: Final = 300
SUGGESTION_LIMIT: Final = 2000
"""Characters that are kept; the market's prompts are no longer either."""

_DETAILS: Final = 3
_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error body in words.  ``message`` is None when it holds none."""

    message: str | None = None
    names_content_policy: bool = False
    suggestion: str | None = None


def read_complaint(data: Any | Unreadable, api_key: Secret) -> Complaint:
    """Read an error body; whatever is no error body is a complaint without a message.

    Texts come out on one line, capped, and without the key, should the provider echo it.
    """
    if not isinstance(data, Mapping):
        return Complaint()
    inner = data.get("error")
    error: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {"message": inner}
    text = _text(error.get("message")) or _text(data.get("message"))
    details = "; ".join(islice(_leaves(data.get("details") or data.get("issues")), _DETAILS))
    message = ": ".join(part for part in (text, details) if part)
    labels = (source.get(name) for source in (error, data) for name in ("code", "type"))
    suggestion = _text(data.get("suggested_prompt")) or _text(error.get("suggested_prompt"))
    return Complaint(
        message=one_line(message, MESSAGE_LIMIT, api_key) or None,
        names_content_policy=any("content_policy" in _text(label).lower() for label in labels),
        suggestion=one_line(suggestion, SUGGESTION_LIMIT, api_key) or None,
    )


def one_line(text: str, limit: int, api_key: Secret) -> str:
    """The text without the key, line breaks and unprintable characters, at most ``limit`` long."""
    key = api_key.reveal()
    if key:
        text = text.replace(key, "…")
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _leaves(value: object, path: str = "", depth: int = 0) -> Iterator[str]:
    """The sentences in a tree of details, each after the field that it is about."""
    if depth > _DEPTH:
        return
    if isinstance(value, str):
        yield f"{path}: {value}" if path else value
    elif isinstance(value, Mapping):
        yield from _issue(value) if "message" in value else _fields(value, path, depth)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path, depth + 1)


def _fields(value: Mapping[str, Any], path: str, depth: int) -> Iterator[str]:
    for name, item in value.items():
        within = path if name == "_errors" else f"{path}.{name}".lstrip(".")
        yield from _leaves(item, within, depth + 1)


def _issue(value: Mapping[str, Any]) -> Iterator[str]:
    """One of a list of issues: ``{"path": […], "message": "…"}``."""
    where = value.get("path")
    path = ".".join(str(part) for part in where) if isinstance(where, list) else ""
    yield from _leaves(_text(value["message"]), path)
