"""The OpenAPI document, made from the table of routes and the models of their bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from services.api.entrypoints.http.call import Call, Media, Route, Who
from services.api.entrypoints.http.headers import ANSWERED
from services.api.entrypoints.http.responses import Error, Schemas, error_responses, responses

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
_MINIMUM: Final = {
    "name": "minimum",
    "in": "path",
    "required": True,
    "description": "The smallest discount against the list price that the buyer takes, in percent.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 100},
}
_UNDER_MINIMUM: Final = "/min{minimum}"
_IDS: Final = frozenset({"job_id", "offer_id", "provider_id", "key_id", "account_id"})
_PARAMETER: Final = re.compile(r"{(\w+)}")
_WORD: Final = re.compile(r"\w+")


async def show_openapi(call: Call) -> web.Response:
    """This document."""
    return web.json_response(call.request.app[DOCUMENT], headers={"Cache-Control": "public, max-age=300"})


def openapi(routes: Iterable[Route], public_url: str) -> dict[str, Any]:
    """The document for these routes, served at ``public_url``."""
    routes = tuple(routes)
    schemas, components = _schemas(routes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Busker", "version": "1", "description": "A market for music that is made to order."},
        "servers": [{"url": public_url}],
        "paths": _paths(routes, schemas),
        "components": {
            "securitySchemes": _SCHEMES,
            "schemas": components,
            "headers": {one.name: {"description": one.about, "schema": one.schema} for one in ANSWERED},
            "responses": error_responses(schemas),
        },
    }


class _Names(GenerateJsonSchema):
    def normalize_name(self, name: str) -> str:
        """``ListedKeyView`` rather than ``Listed_KeyView_``."""
        return super().normalize_name(name).replace("_", "")


def _schemas(routes: Iterable[Route]) -> tuple[Schemas, dict[str, Any]]:
    """For each type that is sent or answered its schema, and what those refer to."""
    typed = dict.fromkeys(route.body for route in routes if route.body is not None)
    answered = dict.fromkeys(route.answer for route in routes if not isinstance(route.answer, Media | None))
    adapters: list[tuple[object, JsonSchemaMode, TypeAdapter[Any]]] = [
        *((body, "validation", TypeAdapter(body)) for body in typed),
        *((answer, "serialization", TypeAdapter[Any](answer)) for answer in (*answered, Error)),
    ]
    found, shared = TypeAdapter.json_schemas(
        adapters, ref_template="#/components/schemas/{model}", schema_generator=_Names
    )
    return {key: schema for (key, _), schema in found.items()}, shared["$defs"]


def _paths(routes: Iterable[Route], schemas: Schemas) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas, minimum=False)
        if route.minimum:
            under = paths.setdefault(_UNDER_MINIMUM + route.path, {})
            under[route.method.lower()] = _operation(route, schemas, minimum=True)
    return paths


def _operation(route: Route, schemas: Schemas, *, minimum: bool) -> dict[str, Any]:
    path = _UNDER_MINIMUM + route.path if minimum else route.path
    names = _PARAMETER.findall(route.path)
    operation: dict[str, Any] = {
        "operationId": "_".join([route.method.lower(), *_WORD.findall(path)]),
        "summary": summary(route),
        "security": _SECURITY[route.who],
        "parameters": [*([_MINIMUM] if minimum else []), *map(_path_parameter, names), *_parameters(route)],
        "responses": responses(route, names, schemas, minimum=minimum),
    }
    if route.body is not None:
        needed = any(field.is_required() for field in route.body.model_fields.values())
        content = {"application/json": {"schema": schemas[route.body]}}
        operation["requestBody"] = {"required": needed, "content": content}
    return operation


def summary(route: Route) -> str:
    """What the route does, in the words of its function."""
    return (route.serve.__doc__ or "").strip().splitlines()[0]


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "uuid"} if name in _IDS else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _parameters(route: Route) -> list[dict[str, Any]]:
    asked = [("query", parameter) for parameter in route.query] + [("header", header) for header in route.headers]
    return [{"name": one.name, "in": place, "description": one.about, "schema": one.schema} for place, one in asked]
