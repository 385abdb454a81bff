"""Everything a simulator consists of, put together, and the server around it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from deploy.simulator.behaviors.script import Script
from deploy.simulator.catalogue import load_catalogue
from deploy.simulator.http.audio import audio_routes
from deploy.simulator.http.control import Control
from deploy.simulator.http.desk import Desk
from deploy.simulator.jobs import Jobs
from deploy.simulator.keys import Keyring
from deploy.simulator.limits import Limits, Policy
from deploy.simulator.provider import Provider
from deploy.simulator.record import Record
from deploy.simulator.settings import Settings
from deploy.simulator.studio import Studio
from deploy.simulator.synthesis.rendering import render


def build(settings: Settings) -> web.Application:
    """A simulator, ready to be served; its studio closes with it."""
    script, keys, record, jobs = Script(), Keyring(), Record(), Jobs(settings.render_seconds)
    limits, studio = Limits(Policy(enabled=settings.strict_limits)), Studio(render)
    catalogue = load_catalogue(settings.audio_format)
    provider = Provider(catalogue=catalogue, keys=keys, jobs=jobs, studio=studio, clock=time.time)
    desk = Desk(script=script, keys=keys, limits=limits, jobs=jobs, record=record, clock=time.time)
    app = web.Application()
    app.add_routes([web.get("/healthz", _healthy)])
    app.add_routes(audio_routes(provider, desk))
    app.add_routes(Control(script, keys, limits, jobs, record).routes())

    async def close(_app: web.Application) -> None:
        await studio.close()

    app.on_cleanup.append(close)
    return app


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """Serve until the block is left; yields the base address, such as ``http://127.0.0.1:8091``.

    A caller that leaves cancels the handling of its call: that is how looks and hang-ups are noticed.
    """
    runner = web.AppRunner(build(settings), handler_cancellation=True, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def _healthy(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
