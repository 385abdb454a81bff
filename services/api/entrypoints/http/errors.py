"""Every error as its caller sees it: a status, one envelope, and whether asking again can help."""

from __future__ import annotations

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from services.api.domain.refusals import Refusal
from services.api.entrypoints.http.answers import json_answer
from shared.kernel.errors import DomainError, Transient
from shared.storage.mongo import UNAVAILABLE

STATUS: Final[Mapping[str, int]] = {
    "invalid_request": 400,
    "invalid_minimum_discount": 400,
    "unsupported_parameter": 400,
    "webhook_url_not_allowed": 400,
    "invalid_api_key": 401,
    "insufficient_balance": 402,
    "wrong_key_type": 403,
    "model_not_found": 404,
    "job_not_found": 404,
    "artifact_not_found": 404,
    "offer_not_found": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "idempotency_in_flight": 409,
    "artifact_expired": 410,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "range_not_satisfiable": 416,
    "idempotency_key_reused": 422,
    "rate_limit_exceeded": 429,
    "too_many_jobs": 429,
    "internal_error": 500,
    "minimum_discount_not_met": 503,
    "no_healthy_sellers": 503,
    "service_unavailable": 503,
}
"""Every code there is."""
_TYPES: Final = {401: "authentication_error", 402: "billing_error", 403: "permission_error", 429: "rate_limit_error"}
_MAY_PASS: Final = frozenset({"request_timeout", "idempotency_in_flight"})
_UNKNOWN_OUTCOME: Final = "the request could not be finished; send it again"
_OF_HTTP: Final = {
    404: ("not_found", "there is nothing at this path"),
    405: ("method_not_allowed", "this path does not take this method"),
    413: ("payload_too_large", "the request is too large"),
}

NOT_NOW: Final = (Transient, *UNAVAILABLE)
"""What a part of ours raises that does not answer now."""

log = structlog.get_logger("http")


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a route raises into an answer, as long as none has begun."""
    try:
        return await handler(request)
    except (DomainError, web.HTTPException, *NOT_NOW) as error:
        if request.writer.output_size:
            raise
        return _answer(error)
    except Exception as error:
        log.error("bug", exc_info=error)
        if request.writer.output_size:
            raise
        return error_answer("internal_error", "something went wrong on our side")


def _answer(error: Exception) -> web.Response:
    if isinstance(error, DomainError):
        return refused(error)
    if isinstance(error, web.HTTPException):
        return _of_http(error)
    log.warning("not available", error=type(error).__name__)
    return error_answer("service_unavailable", _UNKNOWN_OUTCOME, headers={"Retry-After": "1"})


def refused(error: DomainError) -> web.Response:
    """The answer to a rule's no."""
    headers = {}
    if isinstance(error, Refusal) and error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after.total_seconds())))
    return error_answer(error.code, error.message, param=getattr(error, "param", None), headers=headers)


def error_answer(
    code: str, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The envelope under the status of its code."""
    status = STATUS[code]
    extra = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = "Bearer"
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and code not in _MAY_PASS and "Retry-After" not in extra:
        extra["x-should-retry"] = "false"
    fallback = "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "api_error"
    body = {"message": message, "type": _TYPES.get(status, fallback), "param": param, "code": code}
    return json_answer({"error": body}, status=status, headers=extra)


def _of_http(error: web.HTTPException) -> web.Response:
    """What the router refuses, in our own envelope."""
    code, message = _OF_HTTP.get(error.status, ("invalid_request", error.reason))
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    return error_answer(code, message, headers=headers)
