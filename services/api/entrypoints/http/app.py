"""The application: the table of routes, and what surrounds each of them."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from services.api.entrypoints.http import docs, openapi
from services.api.entrypoints.http.access import admit
from services.api.entrypoints.http.call import Call, Route, Who
from services.api.entrypoints.http.errors import answer_errors
from services.api.entrypoints.http.expectations import answer_expectation
from services.api.entrypoints.http.minimum import SEGMENT, minimum_discount
from services.api.entrypoints.http.routes import ROUTES
from services.api.entrypoints.http.strict_json import MOST_BYTES
from services.api.entrypoints.http.telling import complete_headers, telling
from services.api.entrypoints.http.world import World


def http_app(world: World) -> web.Application:
    """Everything in the table; without an operator's token, without the operator's routes."""
    app = web.Application(
        middlewares=[telling(world.clock), answer_errors, minimum_discount], client_max_size=MOST_BYTES
    )
    routes = [route for route in ROUTES if route.who is not Who.ADMIN or world.admin_token is not None]
    app[openapi.DOCUMENT], app[docs.PAGE] = openapi.openapi(routes, world.public_url), docs.page(routes)
    for route in routes:
        handler = _served(route, world)
        for path in (route.path, SEGMENT + route.path) if route.minimum else (route.path,):
            app.router.add_route(route.method, path, handler, expect_handler=answer_expectation)
    app.on_response_prepare.append(complete_headers)

    async def end_streams(_: web.Application) -> None:
        world.places.close()

    app.on_shutdown.append(end_streams)
    return app


def _served(route: Route, world: World) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await route.serve(Call(request, world, await admit(request, route.who, world)))

    return serve
