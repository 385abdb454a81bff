"""One process of a service, from its settings to its orderly end."""

from __future__ import annotations

import asyncio
import gc
import random
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias, TypeVar

import structlog
from aiohttp import web

from shared.contracts.facts import EXCHANGE
from shared.kernel.clock import Clock
from shared.messaging.bus import Bus
from shared.messaging.rabbit import RabbitBus
from shared.messaging.topology import Exchange
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock
from shared.runtime.health import health_app
from shared.runtime.http_server import served
from shared.runtime.logging import begin_logging
from shared.runtime.metrics import observe_message
from shared.runtime.readiness import Readiness
from shared.runtime.settings import ProcessSettings
from shared.runtime.side_by_side import side_by_side
from shared.runtime.subscriptions import Subscriptions, subscribe
from shared.runtime.tickers import Ticker, ticking
from shared.runtime.tracing import begin_tracing, end_tracing
from shared.storage.mongo import Database, open_database, server_time

DRAIN: Final = timedelta(seconds=17)
"""For running work to end after a signal: requests, rounds and messages alike, all at once.

With what a broker that does not answer is given before and after it, a stop stays within 25 s.
"""
CLOSING: Final = timedelta(seconds=0.5)
"""For what is read on the admin port, and for the last spans."""
ANSWERS: Final = timedelta(seconds=1)
"""For the database, when it is asked whether it is there."""

COLLECT_AFTER: Final = (50_000, 20, 50)
"""New objects before the collector looks for cycles.  With its own thresholds it took half the time of a poller
that holds ten thousand leases, none of which is ever garbage while it is held."""

S = TypeVar("S", bound=ProcessSettings)
log = structlog.get_logger("process")


@dataclass(frozen=True, slots=True)
class Site:
    """An HTTP application and the address it answers at."""

    bind: tuple[str, int]
    app: web.Application


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that makes a process of ours do its work."""

    subscriptions: Subscriptions
    tickers: Sequence[Ticker] = ()
    sites: Sequence[Site] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """What the process itself offers to whoever builds a service."""

    database: Database
    clock: Clock
    announcer: Announcer
    bus: Bus
    random: Callable[[], float]


Build: TypeAlias = Callable[[S, Process], AbstractAsyncContextManager[Service]]


def run(build: Build[S], settings: S) -> None:
    """Run one process until SIGTERM or SIGINT, then end it in good order."""
    begin_logging(settings.SERVICE, settings.log_level, settings.log_format)
    tracing = begin_tracing(settings.SERVICE, settings.otel_exporter_otlp_endpoint)
    gc.set_threshold(*COLLECT_AFTER)
    if settings.allow_private_networks:
        log.warning("ALLOW_PRIVATE_NETWORKS is on: http and private addresses are open; for development only")
    try:
        asyncio.run(_live(build, settings))
    finally:
        end_tracing(tracing, CLOSING)


async def _live(build: Build[S], settings: S) -> None:
    stop = _stop_signal()
    clock = SystemClock()
    bus = RabbitBus(settings.amqp_url.reveal(), Exchange(EXCHANGE), observer=observe_message)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(settings.mongo_url.reveal(), settings.mongo_database, settings.mongo_driver)
        )
        process = Process(database, clock, Announcer(bus.publisher, clock), bus, random.random)
        stack.push_async_callback(bus.stop, CLOSING)
        service = await stack.enter_async_context(build(settings, process))
        subscribe(settings.SERVICE, service.subscriptions, bus, process.announcer)
        readiness = Readiness(
            consuming=lambda: bus.healthy,
            ask_database=partial(server_time, database, ANSWERS),
            clock=clock,
            serves=bool(service.sites),
        )
        await readiness.failing()
        await stack.enter_async_context(served(settings.admin_bind, health_app(readiness.failing), drain=CLOSING))
        await stack.enter_async_context(_working(service, process, readiness, stop))
        log.info("started")
        await stop.wait()
        log.info("stopping")
    log.info("stopped")


def _working(
    service: Service, process: Process, readiness: Readiness, stop: asyncio.Event
) -> AbstractAsyncContextManager[None]:
    """Everything that takes work; at the end nothing takes any more, and what was taken has ``DRAIN`` to end."""
    return side_by_side(
        _consuming(process.bus, stop),
        ticking([*service.tickers, readiness.ticker], process.clock, process.random, drain=DRAIN),
        *(served(site.bind, site.app, drain=DRAIN) for site in service.sites),
    )


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _consuming(bus: Bus, stop: asyncio.Event) -> AsyncIterator[None]:
    """Consume as soon as the broker is there; nobody waits for it, and a start that fails ends the process."""
    starting = asyncio.create_task(bus.start())
    starting.add_done_callback(lambda task: stop.set() if not task.cancelled() and task.exception() else None)
    try:
        yield
    finally:
        started = starting.done()
        starting.cancel()
        await asyncio.wait({starting})
        await bus.drain(DRAIN)
        if started:
            starting.result()
