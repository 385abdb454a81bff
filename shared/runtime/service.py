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
from shared.runtime.settings import ProcessSettings
from shared.runtime.subscriptions import Subscriptions, subscribe
from shared.runtime.tickers import Ticker, tick
from shared.runtime.tracing import begin_tracing

DRAIN: Final = timedelta(seconds=20)
"""For running work to end after a signal; with what closing takes, a stop stays under 25 s."""

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
        tracing.shutdown()


async def _live(build: Build[S], settings: S) -> None:
    stop = _stop_signal()
    clock = SystemClock()
    bus = RabbitBus(settings.amqp_url.reveal(), Exchange(EXCHANGE), observer=observe_message)
    process = Process(clock, Announcer(bus.publisher, clock), bus, random.random)
    async with build(settings, process) as service, AsyncExitStack() as stack:
        subscribe(settings.SERVICE, service.subscriptions, bus, process.announcer)
        health = health_app({"broker": lambda: bus.healthy})
        await stack.enter_async_context(served(settings.admin_bind, health, drain=DRAIN))
        await stack.enter_async_context(_consuming(bus, stop))
        await stack.enter_async_context(_ticking(service.tickers, process))
        for site in service.sites:
            await stack.enter_async_context(served(site.bind, site.app, drain=DRAIN))
        log.info("started")
        await stop.wait()
        log.info("stopping")
    log.info("stopped")


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
        await bus.stop(DRAIN)
        if started:
            starting.result()


@asynccontextmanager
async def _ticking(tickers: Sequence[Ticker], process: Process) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(tick(ticker, process.clock, process.random)) for ticker in tickers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
