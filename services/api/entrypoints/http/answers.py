"""Answers in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from aiohttp import web
from pydantic_core import to_json

POLL_AFTER: Final = {"openai-poll-after-ms": "2000"}
"""How soon a client may look again at a job that goes on."""


def json_answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """``data`` as UTF-8 JSON."""
    return web.Response(body=to_json(data), status=status, headers=headers, content_type="application/json")


def no_content() -> web.Response:
    """Done, and nothing to say."""
    return web.Response(status=204)


def list_answer(data: Iterable[Mapping[str, Any]]) -> web.Response:
    """A list that is always answered whole."""
    return json_answer({"object": "list", "data": list(data)})


def page_answer(data: Sequence[Mapping[str, Any]], *, has_more: bool) -> web.Response:
    """One page and nothing else."""
    return json_answer(page_of(data, has_more=has_more))


def page_of(data: Sequence[Mapping[str, Any]], *, has_more: bool) -> dict[str, Any]:
    """One page; ``last_id`` is what the next one comes ``after``."""
    return {"object": "list", "data": data, "has_more": has_more, "last_id": data[-1]["id"] if data else None}
