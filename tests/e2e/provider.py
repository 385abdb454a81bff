"""The simulator behind the market: told to misbehave, and asked what it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.e2e.caller import Caller


@dataclass(frozen=True, slots=True)
class Provider:
    """One simulator, by its control paths."""

    caller: Caller

    @property
    def base_url(self) -> str:
        """What sellers give as the base URL of their offers."""
        return f"{self.caller.address}/api/v1"

    async def renders_in(self, seconds: float) -> None:
        """Let every job taken on from now on take so long."""
        await self._told("PUT", "/timing", {"render_seconds": seconds})

    async def misbehave(self, *behaviors: dict[str, Any]) -> None:
        """Put these in force after those there are."""
        await self._told("POST", "/behaviors", {"behaviors": list(behaviors)})

    async def behave(self) -> None:
        """Take every misbehavior away."""
        await self._told("DELETE", "/behaviors", None)

    async def jobs(self, key: str) -> list[dict[str, Any]]:
        """Every job that was accepted under a key, with the looks, full retrieves and completes it got."""
        found: list[dict[str, Any]] = (await self.caller.get(f"/control/jobs?key={key}"))["jobs"]
        return found

    async def calls(self, key: str, path: str) -> list[dict[str, Any]]:
        """Every call under a key to a path that ends so, oldest first."""
        found: list[dict[str, Any]] = (await self.caller.get(f"/control/calls?key={key}&path={path}"))["calls"]
        return found

    async def _told(self, method: str, path: str, document: object) -> None:
        answer = await self.caller.call(method, f"/control{path}", document)
        assert answer.status < 300, answer.body
