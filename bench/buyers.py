"""Whoever uses the market in a measurement: sellers that offer, buyers that order."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from bench.stage import Scene
from deploy.demo.market import Market, Party

MODEL: Final = "venice-elevenlabs-sound-effects-v2"
"""Short, so that a job costs what the market adds and not what its audio weighs."""
ORDER: Final = {"model": MODEL, "prompt": "a coin falls on a wooden table", "duration_seconds": 2}
LIMITS: Final = {"jobs_in_flight": 100_000, "requests_per_minute": 1_000_000}
PATH: Final = "/min10/v1/music/generations"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one order, and the seconds it took."""

    status: int
    body: Mapping[str, Any]
    seconds: float


class Trade:
    """The market as a client sees it."""

    def __init__(self, session: aiohttp.ClientSession, scene: Scene) -> None:
        self._session = session
        self._scene = scene
        self.market = Market(session, scene.api_url, scene.admin_token)

    async def buyer(self, micros: int) -> Party:
        """A new buyer with so much credit, whom no limit of numbers stops."""
        account = {"role": "buyer", "name": "bench buyer", "limits": LIMITS}
        opened = await self.market.post("/admin/v1/accounts", account, key=self._scene.admin_token)
        buyer = Party(opened["id"], opened["name"], opened["api_key"])
        await self.market.add_credit(buyer, micros)
        return buyer

    async def offers(self, number: int, provider_url: str) -> list[Mapping[str, Any]]:
        """That many offers of one seller, each with a provider key of its own."""
        seller = await self.market.open_account("seller", "bench seller")
        offered = [
            {
                "base_url": f"{provider_url}/api/v1",
                "api_key": f"sim-bench-{index}",
                "model": MODEL,
                "multiplier_bps": 8_000,
                "max_concurrent": 1_000,
            }
            for index in range(number)
        ]
        return [await self.market.post("/v1/seller/offers", offer, key=seller.key) for offer in offered]

    async def order(self, buyer: Party, webhook_url: str | None = None) -> Answer:
        """One order, taken or refused."""
        body = ORDER if webhook_url is None else {**ORDER, "webhook_url": webhook_url}
        headers = {"Authorization": f"Bearer {buyer.key}"}
        began = time.monotonic()
        async with self._session.post(self._scene.api_url + PATH, json=body, headers=headers) as answer:
            return Answer(answer.status, await answer.json(), time.monotonic() - began)


@asynccontextmanager
async def open_trade(scene: Scene) -> AsyncIterator[Trade]:
    """A client of the scene's market, with as many connections as are wanted at once."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Trade(session, scene)
