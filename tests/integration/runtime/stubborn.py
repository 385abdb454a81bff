"""A service of nobody's in which nothing ends by itself: no request and no round."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import ClassVar

from aiohttp import web

from shared.contracts.event import Event
from shared.contracts.facts import broadcast_to, heard_by
from shared.runtime.announcer import Say
from shared.runtime.service import Process, Service, Site, run
from shared.runtime.settings import Bind, ProcessSettings
from shared.runtime.subscriptions import Subscriptions
from shared.runtime.tickers import Ticker


class Settings(ProcessSettings):
    """Where it is asked to stay."""

    SERVICE: ClassVar[str] = "poller"

    poller_admin_bind: Bind
    site_bind: Bind


async def nothing(_: Event) -> Sequence[Say]:
    return ()


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    del process
    rounds = 0

    async def endless() -> None:
        nonlocal rounds
        rounds += 1
        await asyncio.Event().wait()

    async def answer(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async def told(_: web.Request) -> web.Response:
        return web.json_response({"rounds": rounds})

    app = web.Application()
    app.router.add_get("/endless", answer)
    app.router.add_get("/rounds", told)
    subscriptions = Subscriptions(
        {fact.event: nothing for fact in heard_by("poller")},
        {fact.event: nothing for fact in broadcast_to("poller")},
    )
    yield Service(
        subscriptions, [Ticker("endless", timedelta(milliseconds=1), endless)], [Site(settings.site_bind, app)]
    )


if __name__ == "__main__":
    run(build, Settings())
