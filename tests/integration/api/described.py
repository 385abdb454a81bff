"""Every answer held against what the OpenAPI document says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from services.api.entrypoints.http.openapi import openapi
from services.api.entrypoints.http.routes import ROUTES

DOCUMENT = openapi(ROUTES, "https://busker.example")
ERROR = {"$ref": "#/components/schemas/Error"}
OF_HTTP = {
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "transfer-encoding",
    "x-content-type-options",
}
"""Headers that mean here what they mean everywhere."""


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Fail when the document does not know of such an answer, or of anything in it."""
    operation = described(method, path.partition("?")[0])
    if operation is None:
        assert status in {400, 404, 405}, f"{method} {path} is in no document"
        _valid(ERROR, body)
        return
    answers = operation["responses"]
    assert str(status) in answers, f"{status} to {operation['operationId']} is in no document: {body[:500]!r}"
    said = answers[str(status)]
    answer = resolved(said)
    unknown = {name.lower() for name in headers} - OF_HTTP - {name.lower() for name in answer["headers"]}
    assert not unknown, f"{status} to {operation['operationId']} tells of no {unknown}"
    if method == "HEAD" or not body:
        return
    media = headers["Content-Type"].partition(";")[0]
    assert {media, media.partition("/")[0] + "/*"} & set(answer["content"]), f"{media} to {operation['operationId']}"
    if media == "application/json":
        _valid(answer["content"][media]["schema"], body)
        assert "$ref" not in said or json.loads(body)["error"]["code"] in said["description"].split(", ")


def described(method: str, path: str) -> dict[str, Any] | None:
    """The operation that the path belongs to, a path in words before one with names to fill in."""
    found = (DOCUMENT["paths"][template] for template, pattern in _templates() if pattern.fullmatch(path))
    item: dict[str, Any] = next(found, {})
    operation: dict[str, Any] | None = item.get(method.lower())
    return operation


def resolved(said: dict[str, Any]) -> dict[str, Any]:
    """What a reference refers to, or the thing itself."""
    if "$ref" not in said:
        return said
    found: dict[str, Any] = DOCUMENT["components"]["responses"][said["$ref"].rpartition("/")[2]]
    return found


@cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    known = sorted(DOCUMENT["paths"], key=lambda path: path.count("{"))
    return [(path, re.compile(re.sub(r"{\w+}", "[^/]*", path))) for path in known]


@cache
def _components() -> dict[str, Any]:
    """With no room for anything that is not described, which callers must put up with and we need not."""
    schemas = DOCUMENT["components"]["schemas"]
    return {"schemas": {name: {"additionalProperties": False, **schema} for name, schema in schemas.items()}}


def _valid(schema: dict[str, Any], body: bytes) -> None:
    found: Iterator[Any] = Draft202012Validator(
        {**schema, "components": _components()}, format_checker=FormatChecker(["uuid"])
    ).iter_errors(json.loads(body))
    assert not (wrong := [f"{error.json_path}: {error.message}" for error in found]), wrong
