"""A buyer's own provider: a key of the buyer's at the simulator, entered over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.e2e.market import Buyer, Market
from tests.e2e.provider import Provider

PROVIDERS = "/v1/buyer/providers"


@dataclass(frozen=True, slots=True)
class OwnProvider:
    """One that its buyer has entered."""

    id: str
    buyer: Buyer
    key: str
    provider: Provider

    async def served(self) -> list[dict[str, Any]]:
        """The provider's own record of the jobs under this key."""
        return await self.provider.jobs(self.key)

    async def shown(self) -> dict[str, Any]:
        """As its buyer sees it now."""
        shown: dict[str, Any] = await self.buyer.caller.get(f"{PROVIDERS}/{self.id}")
        return shown


async def bring(market: Market, buyer: Buyer, role: str, **fields: Any) -> OwnProvider:
    """Enter a provider of the buyer's own, with a key that nobody else has."""
    key = f"sim-own-{uuid4().hex}"
    market.secrets.add(key)
    entered = {"provider": "venice", "base_url": market.provider.base_url, "api_key": key, "role": role}
    made = await buyer.caller.post(PROVIDERS, entered | fields, status=201)
    assert made["status"] == "active", made
    return OwnProvider(made["id"], buyer, key, market.provider)
