"""The document: well-formed, and as true of what callers send as of what they are answered."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from services.api.domain.refusals import InvalidRequest
from services.api.entrypoints.http.errors import STATUS
from services.api.entrypoints.http.openapi import openapi
from services.api.entrypoints.http.orders import OrderBody
from services.api.entrypoints.http.routes import ROUTES
from services.api.entrypoints.http.strict_json import validated

DOCUMENT = openapi(ROUTES, "https://busker.example")
ORDER = {"model": "m", "prompt": "p"}
FULL = ORDER | {
    "duration_seconds": 60,
    "lyrics_prompt": "la",
    "force_instrumental": True,
    "voice": "v",
    "language_code": "en",
    "webhook_url": "https://example.com/",
    "metadata": {"a": None},
}


def operation(method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][path][method]
    return found


def parameters(method: str, path: str, place: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one["schema"] for one in operation(method, path)["parameters"] if one["in"] == place}


def told(body: dict[str, Any]) -> bool:
    """Whether the document lets such an order be sent."""
    schema = operation("post", "/v1/music/generations")["requestBody"]["content"]["application/json"]["schema"]
    return bool(Draft202012Validator({**schema, "components": DOCUMENT["components"]}).is_valid(body))


def taken(body: dict[str, Any]) -> bool:
    try:
        validated(body, OrderBody)
    except InvalidRequest:
        return False
    return True


def test_it_is_a_document_of_openapi() -> None:
    validate(DOCUMENT)


@pytest.mark.parametrize("field", sorted(FULL))
def test_a_field_of_an_order_may_be_null_nowhere(field: str) -> None:
    assert told(FULL) and taken(FULL)
    assert not told(FULL | {field: None}) and not taken(FULL | {field: None})


@pytest.mark.parametrize("field", sorted(FULL.keys() - ORDER.keys()))
def test_an_order_may_leave_out_what_it_need_not_say(field: str) -> None:
    body = {name: value for name, value in FULL.items() if name != field}
    assert told(body) and taken(body)


def test_what_stands_behind_the_question_mark_is_told() -> None:
    limits = {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert parameters("get", "/v1/music/generations", "query")["limit"] == limits
    assert set(parameters("get", "/v1/music/generations", "query")) == {"limit", "after", "status"}
    assert parameters("get", "/v1/music/generations/{job_id}", "query")["wait"]["maximum"] == 60
    assert set(parameters("get", "/v1/webhooks/deliveries", "query")) == {"limit", "after", "job_id"}
    assert set(parameters("get", "/admin/v1/dead-letters", "query")) == {"limit", "service"}


def test_headers_that_mean_something_are_told() -> None:
    for path in ("/v1/music/generations", "/min{minimum}/v1/music/generations", "/v1/seller/offers"):
        assert "Idempotency-Key" in parameters("post", path, "header")
    assert "Prefer" in parameters("get", "/v1/music/generations/{job_id}", "header")
    assert DOCUMENT["components"]["securitySchemes"]["jobToken"]["name"] == "X-Job-Token"
    assert {"jobToken": []} in operation("get", "/v1/music/generations/{job_id}")["security"]


def test_every_success_that_has_content_says_what_it_is() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for method, described in methods.items():
            for status, answer in described["responses"].items():
                empty = status in {"204", "304"} or method == "head"
                assert "$ref" in answer or empty or answer["content"], (method, path, status)


def test_every_code_has_its_status_and_its_headers() -> None:
    errors = DOCUMENT["components"]["responses"]
    assert set(errors) == {f"Error{status}" for status in STATUS.values()}
    assert "Retry-After" in errors["Error429"]["headers"]
    assert "x-ratelimit-reset-requests" in errors["Error429"]["headers"]
    orders = operation("post", "/v1/music/generations")["responses"]
    assert orders["503"]["description"] == "minimum_discount_not_met, no_healthy_sellers, service_unavailable"
    assert orders["402"]["$ref"] == "#/components/responses/Error402"
