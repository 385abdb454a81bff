"""What operations answer, as the OpenAPI document tells it: their success, and every error by its status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Annotated, Any, Final

from typing_extensions import TypedDict

from services.api.entrypoints.http import headers
from services.api.entrypoints.http.call import Media, Route, Who
from services.api.entrypoints.http.errors import STATUS
from services.api.entrypoints.http.headers import Header
from services.api.entrypoints.http.shapes import one_of

Schemas = Mapping[object, dict[str, Any]]
"""The schema of each type that is answered or sent."""

_OF_KEYS: Final = ("invalid_api_key", "wrong_key_type", "rate_limit_exceeded")
_OF_BODIES: Final = ("request_timeout", "payload_too_large", "unsupported_media_type")
_OF_NAMES: Final = ("idempotency_in_flight", "idempotency_key_reused")
_OF_ALL: Final = ("invalid_request", "internal_error", "service_unavailable")
_UNKNOWN: Final = {
    "job_id": "job_not_found",
    "offer_id": "offer_not_found",
    "model": "model_not_found",
    "index": "artifact_not_found",
}
"""What is answered where nothing is there by the name in the path; of anything else that it is not found."""
_MAY_PASS: Final = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_EMPTY: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class ErrorBody(TypedDict):
    """What went wrong; ``param`` is the field to blame."""

    message: str
    type: str
    param: str | None
    code: Annotated[str, one_of(sorted(STATUS))]


class Error(TypedDict):
    """Every no has this form."""

    error: ErrorBody


def responses(route: Route, names: Iterable[str], schemas: Schemas, *, minimum: bool) -> dict[str, Any]:
    """Every answer of the route, whose path has parameters of these ``names``."""
    said = (headers.REQUEST_ID, *(headers.RATE if _keyed(route) else ()), *route.says)
    described = _carried(said)
    success = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "headers": described,
            **({} if status in _EMPTY or route.method == "HEAD" else _content(route.answer, schemas)),
        }
        for status in (route.status, *route.also)
    }
    return success | {
        str(status): {"$ref": f"#/components/responses/Error{status}", "description": ", ".join(codes)}
        for status, codes in _by_status(_codes(route, names, minimum=minimum))
    }


def error_responses(schemas: Schemas) -> dict[str, Any]:
    """One for each status that an error has, with the codes that have it."""
    return {f"Error{status}": _error(status, list(codes), schemas) for status, codes in _by_status(STATUS)}


def _carried(said: Iterable[Header]) -> dict[str, Any]:
    return {header.name: {"$ref": f"#/components/headers/{header.name}"} for header in said}


def _error(status: int, codes: list[str], schemas: Schemas) -> dict[str, Any]:
    said = [headers.REQUEST_ID]
    said += [headers.CHALLENGE] if status == HTTPStatus.UNAUTHORIZED else headers.RATE
    said += [headers.SHOULD_RETRY] if status < HTTPStatus.INTERNAL_SERVER_ERROR else []
    said += [headers.RETRY_AFTER] if status in _MAY_PASS else []
    said += [headers.CONTENT_RANGE] if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE else []
    narrowed = {"properties": {"error": {"properties": {"code": {"enum": codes}}}}}
    return {
        "description": HTTPStatus(status).phrase,
        "headers": _carried(said),
        "content": {"application/json": {"schema": {"allOf": [schemas[Error], narrowed]}}},
    }


def _codes(route: Route, names: Iterable[str], *, minimum: bool) -> set[str]:
    codes = {*_OF_ALL, *route.refuses, *(_UNKNOWN.get(name, "not_found") for name in names)}
    if _keyed(route):
        codes.update(_OF_KEYS)
    if route.who is Who.ADMIN:
        codes.add("invalid_api_key")
    if route.body is not None:
        codes.update(_OF_BODIES)
    if headers.IDEMPOTENCY_KEY in route.headers:
        codes.update(_OF_NAMES)
    if minimum:
        codes.add("invalid_minimum_discount")
    return codes


def _keyed(route: Route) -> bool:
    return route.who not in (Who.PUBLIC, Who.ADMIN)


def _by_status(codes: Iterable[str]) -> list[tuple[int, list[str]]]:
    ordered = sorted(codes, key=lambda code: (STATUS[code], code))
    return [(status, list(found)) for status, found in groupby(ordered, key=STATUS.__getitem__)]


def _content(answer: object, schemas: Schemas) -> dict[str, Any]:
    if answer is None:
        return {}
    if isinstance(answer, Media):
        return {"content": {name: {"schema": {}} for name in answer.types}}
    return {"content": {"application/json": {"schema": schemas[answer]}}}
