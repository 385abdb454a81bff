"""What surrounds every request: its id, its span, its one log line, and the headers of every answer."""

from __future__ import annotations

import re
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import Counter, Histogram

from services.api.entrypoints.http.access import KEY_ID, RATE
from services.api.entrypoints.http.places import still_there
from shared.kernel.clock import Clock
from shared.kernel.ids import is_id, new_id
from shared.runtime.tracing import span

REQUEST_ID: Final = "request_id"
JOB_ID: Final = "job_id"
"""Where a request keeps the id of the job that it made, for the log."""

_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_GONE: Final = 499
"""The client went away before its answer was whole."""

_REQUESTS: Final = Counter("busker_requests_total", "HTTP requests by route and status", ["method", "route", "status"])
_SECONDS: Final = Histogram("busker_request_seconds", "Seconds to answer a request", ["method", "route"])

log = structlog.get_logger("http")


def telling(clock: Clock) -> Middleware:
    """The outermost middleware."""

    @web.middleware
    async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Serve the request inside a span, and write its line when it is over, however it ends."""
        given = request.headers.get("X-Request-Id", "")
        request[REQUEST_ID] = given if _GIVEN_ID.fullmatch(given) else new_id()
        route, began, status = _route(request), clock.monotonic(), _GONE
        with (
            span(f"{request.method} {route}", request.headers.get("traceparent")) as trace_id,
            structlog.contextvars.bound_contextvars(request_id=request[REQUEST_ID], trace_id=trace_id),
        ):
            try:
                answer = await handler(request)
                status = answer.status if still_there(request) else _GONE
                return answer
            finally:
                _write(request, route, status, clock.monotonic() - began)

    return tell


async def complete_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """What every answer carries."""
    answer.headers["X-Request-Id"] = request.get(REQUEST_ID) or new_id()
    if (rate := request.get(RATE)) is not None:
        answer.headers.update(rate.headers())
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return "none" if resource is None else resource.canonical


def _write(request: web.Request, route: str, status: int, seconds: float) -> None:
    method = request.method if request.method in {"GET", "HEAD", "POST", "PATCH", "DELETE"} else "other"
    _REQUESTS.labels(method, route, str(status)).inc()
    _SECONDS.labels(method, route).observe(seconds)
    job_id = request.get(JOB_ID) or request.match_info.get("job_id", "")
    log.info(
        "request",
        method=method,
        route=route,
        status=status,
        seconds=round(seconds, 4),
        job_id=job_id if is_id(job_id) else None,
        key_id=request.get(KEY_ID),
    )
