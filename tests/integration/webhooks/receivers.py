"""Receivers on loopback, each at an address of its own, that answer as told and remember what reached them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from aiohttp import web

FIRST_ADDRESS = IPv4Address("127.1.0.1")
"""All of 127/8 is loopback, so many receivers can be many hosts."""


@dataclass(frozen=True)
class Arrived:
    """One request as it came, and when, by the loop's clock."""

    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]


Respond = Callable[["Receiver"], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """``respond`` answers every request; ``begun`` counts those that were not answered yet, too."""

    respond: Respond
    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.arrived.append(Arrived(dict(request.headers), body, asyncio.get_running_loop().time()))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.respond(self)
        finally:
            self.at_once -= 1


def answering(status: int, headers: Mapping[str, str] | None = None) -> Respond:
    """Answer with a status at once."""

    async def respond(receiver: Receiver) -> web.StreamResponse:
        return web.Response(status=status, headers=headers, text="noted")

    return respond


def answering_in_turn(*statuses: int) -> Respond:
    """Answer with one status after the other; the last one for ever."""

    async def respond(receiver: Receiver) -> web.StreamResponse:
        return web.Response(status=statuses[min(len(receiver.arrived), len(statuses)) - 1])

    return respond


def awaiting(gate: asyncio.Event) -> Respond:
    """Answer only when the gate opens."""

    async def respond(receiver: Receiver) -> web.StreamResponse:
        await gate.wait()
        return web.Response()

    return respond


@asynccontextmanager
async def receiving(*responds: Respond) -> AsyncIterator[list[Receiver]]:
    """Run one receiver for each way of answering, all on one port of as many addresses."""
    receivers, runners, port = [Receiver(respond) for respond in responds], [], 0
    try:
        for number, receiver in enumerate(receivers):
            app = web.Application()
            app.router.add_post("/hook", receiver.handle)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.0, handler_cancellation=True)
            runners.append(runner)
            await runner.setup()
            site = web.TCPSite(runner, str(FIRST_ADDRESS + number), port)
            await site.start()
            port = port or runner.addresses[0][1]
            receiver.url = f"http://{FIRST_ADDRESS + number}:{port}/hook"
        yield receivers
    finally:
        await asyncio.gather(*(runner.cleanup() for runner in runners))
