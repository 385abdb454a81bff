"""The OpenAPI document, made from the table of routes and the models of their bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web
from pydantic.json_schema import models_json_schema

from services.api.entrypoints.http.call import Call, Route, Who
from services.api.entrypoints.http.errors import STATUS
from services.api.entrypoints.http.strict_json import Body

DOCUMENT: Final = web.AppKey("openapi", dict[str, Any])

_SECURITY: Final[dict[Who, list[dict[str, list[str]]]]] = {
    Who.PUBLIC: [],
    Who.BUYER: [{"buyerKey": []}],
    Who.BUYER_OR_TOKEN: [{"buyerKey": []}, {"jobToken": []}],
    Who.SELLER: [{"sellerKey": []}],
    Who.ADMIN: [{"operatorToken": []}],
}
_SCHEMES: Final = {
    "buyerKey": {"type": "http", "scheme": "bearer", "description": "A buyer's key: inf_…"},
    "sellerKey": {"type": "http", "scheme": "bearer", "description": "A seller's key: sel_…"},
    "operatorToken": {"type": "http", "scheme": "bearer", "description": "The operator's token"},
    "jobToken": {"type": "apiKey", "in": "header", "name": "X-Job-Token", "description": "One job's token: mjt_…"},
}
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string", "enum": sorted(STATUS)},
            },
        }
    },
}
_TEXT: Final = {"type": "string"}
_MINIMUM: Final = {
    "name": "minimum",
    "in": "path",
    "required": True,
    "description": "The smallest discount against the list price that the buyer takes, in percent.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 100},
}
_RATE: Final = {
    "x-ratelimit-limit-requests": "Requests a minute that the key may make of the process that answered.",
    "x-ratelimit-remaining-requests": "How many of them may come at once now.",
    "x-ratelimit-reset-requests": "After how long all of them may come at once again, such as 3s.",
    "Retry-After": "Seconds after which the same request may be made again, where that can help.",
}
"""On every answer to a key, whatever its status; the last one on answers that say no for now."""
_UNDER_MINIMUM: Final = "/min{minimum}"
_PARAMETER: Final = re.compile(r"{(\w+)}")
_WORD: Final = re.compile(r"\w+")


async def show_openapi(call: Call) -> web.Response:
    """This document."""
    return web.json_response(call.request.app[DOCUMENT], headers={"Cache-Control": "public, max-age=300"})


def openapi(routes: Iterable[Route], public_url: str) -> dict[str, Any]:
    """The document for these routes, served at ``public_url``."""
    routes = tuple(routes)
    bodies = sorted({route.body for route in routes if route.body is not None}, key=lambda body: body.__name__)
    names, schemas = models_json_schema(
        [(body, "validation") for body in bodies], ref_template="#/components/schemas/{model}"
    )
    references = {body: names[body, "validation"] for body in bodies}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Busker", "version": "1", "description": "A market for music that is made to order."},
        "servers": [{"url": public_url}],
        "paths": _paths(routes, references),
        "components": {
            "securitySchemes": _SCHEMES,
            "schemas": {"Error": _ERROR, **schemas.get("$defs", {})},
            "responses": {
                "Error": {
                    "description": "Refused; `code` says why.",
                    "headers": {name: {"description": what, "schema": _TEXT} for name, what in _RATE.items()},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
            },
        },
    }


def _paths(routes: Iterable[Route], references: dict[type[Body], Any]) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references, minimum=False)
        if route.minimum:
            under = paths.setdefault(_UNDER_MINIMUM + route.path, {})
            under[route.method.lower()] = _operation(route, references, minimum=True)
    return paths


def _operation(route: Route, references: dict[type[Body], Any], *, minimum: bool) -> dict[str, Any]:
    path = _UNDER_MINIMUM + route.path if minimum else route.path
    operation: dict[str, Any] = {
        "operationId": "_".join([route.method.lower(), *_WORD.findall(path)]),
        "summary": summary(route),
        "security": _SECURITY[route.who],
        "parameters": [*([_MINIMUM] if minimum else []), *(_path_parameter(name) for name in _named(route))],
        "responses": {str(route.status): {"description": "Done."}, "default": {"$ref": "#/components/responses/Error"}},
    }
    if route.body is not None:
        schema = references[route.body]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def summary(route: Route) -> str:
    """What the route does, in the words of its function."""
    return (route.serve.__doc__ or "").strip().splitlines()[0]


def _named(route: Route) -> list[str]:
    return _PARAMETER.findall(route.path)


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "uuid"} if name.endswith("_id") else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}
