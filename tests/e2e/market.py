"""Everybody who takes part in a market, each with a key and nothing but HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import uuid4

import aiohttp

from tests.e2e.caller import Caller
from tests.e2e.provider import Provider
from tests.e2e.stack import Stack
from tests.kit.http import Answer, bearer

Order: TypeAlias = dict[str, Any]

JOBS = "/v1/music/generations"
OFFERS = "/v1/seller/offers"
ENDED = frozenset({"succeeded", "failed", "canceled", "expired"})

SONG: Order = {
    "model": "venice-ace-step-15",
    "prompt": "a slow waltz for two accordions",
    "duration_seconds": 60,
}
"""The main job: its list price is 30000."""

EFFECT: Order = {
    "model": "venice-elevenlabs-sound-effects-v2",
    "prompt": "rain on a tin roof",
    "duration_seconds": 5,
}
"""A job that is quickly rendered: its list price is 11500."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """One who orders jobs and pays."""

    id: str
    key: str
    caller: Caller

    async def submit(self, order: Order, *, minimum: str = "", **headers: str) -> Answer:
        """Order a job; ``minimum`` is the path's first segment, such as ``min20``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.caller.call("POST", f"/{minimum}{JOBS}" if minimum else JOBS, order, headers=named)

    async def order(self, order: Order, *, minimum: str = "") -> dict[str, Any]:
        """Order a job that is taken."""
        answer = await self.submit(order, minimum=minimum)
        assert answer.status == 202, answer.body
        accepted: dict[str, Any] = answer.json
        return accepted

    async def job(self, job_id: str, *, wait: int = 0) -> dict[str, Any]:
        """The job as it is, or as it is after waiting for its end."""
        job: dict[str, Any] = await self.caller.get(f"{JOBS}/{job_id}?wait={wait}")
        return job

    async def ended(self, job_id: str) -> dict[str, Any]:
        """The job once it has ended, which takes less than a minute."""
        job = await self.job(job_id, wait=60)
        assert job["status"] in ENDED, job
        return job

    async def bought(self, order: Order, *, minimum: str = "") -> dict[str, Any]:
        """Order a job and wait for its end."""
        return await self.ended((await self.order(order, minimum=minimum))["id"])

    async def money(self) -> dict[str, str]:
        """What is free, held, spent and credited."""
        me: dict[str, Any] = await self.caller.get("/v1/buyer/me")
        return {name: me[f"{name}_usdc"] for name in ("available", "held", "spent", "credited")}

    async def jobs(self) -> list[dict[str, Any]]:
        """All jobs there are, newest first."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = await self.caller.get(f"{JOBS}?limit=100{after}")
            found += page["data"]
            if not page["has_more"]:
                return found
            after = f"&after={page['last_id']}"


@dataclass(frozen=True, slots=True)
class Seller:
    """One who has a key at the provider, and an offer."""

    id: str
    caller: Caller
    offer_id: str
    provider_key: str
    provider: Provider

    async def withdraw(self) -> None:
        """Take the offer off the market."""
        answer = await self.caller.call("DELETE", f"{OFFERS}/{self.offer_id}")
        assert answer.status in {204, 404}, answer.body

    async def earned(self) -> str:
        """What this seller has been paid in all."""
        earnings = await self.caller.get("/v1/seller/earnings")
        return str(earnings["earned_usdc"])

    async def served(self) -> list[dict[str, Any]]:
        """The provider's own record of this seller's jobs."""
        return await self.provider.jobs(self.provider_key)


@dataclass(slots=True)
class Market:
    """One market and whoever came to it; ``secrets`` is everything that must never be seen elsewhere."""

    session: aiohttp.ClientSession
    stack: Stack
    provider: Provider
    sellers: list[Seller] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    @property
    def anybody(self) -> Caller:
        """A caller without any key."""
        return self.caller({})

    @property
    def operator(self) -> Caller:
        """The caller who may open accounts and audit the books."""
        return self.caller(bearer(self.stack.at["ADMIN_TOKEN"]))

    def caller(self, headers: dict[str, str]) -> Caller:
        return Caller(self.session, self.stack.at["API_URL"], headers)

    async def buyer(self, credit: int = 5_000_000, **limits: int) -> Buyer:
        """A new buyer with that many micro-USDC."""
        account = await self._account("buyer", limits)
        given = {"amount_usdc": str(credit), "reference": f"credit {uuid4()}"}
        if credit:
            await self.operator.post(f"/admin/v1/accounts/{account['id']}/credits", given, status=201)
        return Buyer(account["id"], account["api_key"], self.caller(bearer(account["api_key"])))

    async def seller(self, model: str, **terms: Any) -> Seller:
        """A new seller whose offer stands, with a key of its own at the provider."""
        account = await self._account("seller", {})
        caller = self.caller(bearer(account["api_key"]))
        provider_key = f"sim-{uuid4().hex}"
        self.secrets.add(provider_key)
        offer = {"provider": "venice", "base_url": self.provider.base_url, "api_key": provider_key, "model": model}
        made = await caller.post(OFFERS, offer | {"multiplier_bps": 7000} | terms, status=201)
        assert made["status"] == "active", made
        seller = Seller(account["id"], caller, made["id"], provider_key, self.provider)
        self.sellers.append(seller)
        return seller

    async def close(self) -> None:
        """Withdraw every offer, so that the next test has the market to itself."""
        for seller in self.sellers:
            await seller.withdraw()

    async def _account(self, role: str, limits: dict[str, int]) -> dict[str, Any]:
        wanted: dict[str, Any] = {"role": role, "name": f"{role} {uuid4().hex[:8]}"}
        if limits:
            wanted["limits"] = {"jobs_in_flight": 500, "requests_per_minute": 1200} | limits
        account: dict[str, Any] = await self.operator.post("/admin/v1/accounts", wanted, status=201)
        self.secrets.add(account["api_key"])
        return account
