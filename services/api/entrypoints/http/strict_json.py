"""Bodies: JSON of a bounded size and depth, read in bounded time, and never guessed at."""

from __future__ import annotations

import asyncio
import json
import math
import re
from datetime import timedelta
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from services.api.domain.refusals import InvalidRequest
from services.api.entrypoints.http.refusals import PayloadTooLarge, RequestTimeout, UnsupportedMediaType

MOST_BYTES: Final = 256 * 1024
"""Above the longest order there can be, every character of it escaped."""
ARRIVES_WITHIN: Final = timedelta(seconds=30)
DEEPEST: Final = 10
"""Levels of a body: its own, its field's, and eight of metadata."""


class Body(BaseModel):
    """What a request may say: these fields, of exactly these types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


B = TypeVar("B", bound=Body)
_HALF: Final = re.compile("[\ud800-\udfff]")


async def read_body(request: web.Request, model: type[B]) -> B:
    """The body as ``model``; raises the refusal that names the first thing wrong with it."""
    return validated(await read_object(request), model)


async def read_object(request: web.Request) -> dict[str, Any]:
    """The body as the JSON object it must be.  Without a body: the empty object."""
    if not request.can_read_body:
        return {}
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType("send the body as it is, without Content-Encoding")
    if request.content_type != "application/json":
        raise UnsupportedMediaType("send JSON, with Content-Type: application/json")
    if (request.charset or "utf-8").lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaType("send JSON in UTF-8")
    return parsed(await _read(request))


def parsed(data: bytes) -> dict[str, Any]:
    """The JSON object that ``data`` is."""
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"the body is not JSON: {error}", param=_with_half_a_character(data)) from None
    if not isinstance(value, dict):
        raise InvalidRequest("the body is a JSON object")
    _check(value, depth=1, param=None)
    json.loads(data, object_pairs_hook=_named_once)
    return value


def validated(value: dict[str, Any], model: type[B]) -> B:
    """The object as ``model``."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        param = ".".join(str(part) for part in first["loc"]) or None
        known = {"extra_forbidden": "there is no such field", "missing": "this field is required"}
        said = known.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise InvalidRequest(said if param is None else f"{param[:200]}: {said}", param=param) from None


def _named_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says a name twice: readers differ in which one they believe."""
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise InvalidRequest(f"{name[:200]!r} is said twice", param=name)
        found[name] = value
    return found


async def _read(request: web.Request) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise PayloadTooLarge(MOST_BYTES)
    data = bytearray()
    try:
        async with asyncio.timeout(ARRIVES_WITHIN.total_seconds()):
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > MOST_BYTES:
                    raise PayloadTooLarge(MOST_BYTES)
    except TimeoutError:
        raise RequestTimeout from None
    except ConnectionError:
        raise InvalidRequest("the body broke off") from None
    return bytes(data)


def _with_half_a_character(data: bytes) -> str | None:
    """The field whose text has half of a surrogate pair, which the strict parser refuses without a name."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    fields = value.items() if isinstance(value, dict) else ()
    halved = (name for name, item in fields if _HALF.search(json.dumps(item, ensure_ascii=False)))
    return next((name for name in halved if not _HALF.search(name)), None)


def _check(value: Any, *, depth: int, param: str | None) -> None:
    """Refuse what JSON allows and nothing of ours can keep: NUL, numbers beyond any, and endless nesting."""
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidRequest("text must not hold NUL", param=param)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidRequest("a number is too large", param=param)
    elif isinstance(value, dict | list):
        _check_within(value, depth, param)


def _check_within(value: dict[str, Any] | list[Any], depth: int, param: str | None) -> None:
    if depth > DEEPEST:
        raise InvalidRequest(f"the body is nested deeper than {DEEPEST} levels", param=param)
    if isinstance(value, list):
        for item in value:
            _check(item, depth=depth + 1, param=param)
        return
    for name, item in value.items():
        _check(name, depth=depth, param=param)
        _check(item, depth=depth + 1, param=param or name)
