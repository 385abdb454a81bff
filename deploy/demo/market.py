"""The market as its users see it: HTTP, and nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp


class Refused(Exception):
    """The market answered with an error; the message is the market's own."""


@dataclass(frozen=True)
class Party:
    """A buyer or a seller, with the key that speaks for them."""

    id: str
    name: str
    key: str


class Market:
    """A client of one market."""

    def __init__(self, session: aiohttp.ClientSession, url: str, admin_token: str) -> None:
        self._session = session
        self._url = url
        self._admin_token = admin_token

    async def open_account(self, role: str, name: str) -> Party:
        """Open an account, as the operator does."""
        account = await self.post("/admin/v1/accounts", {"role": role, "name": name}, key=self._admin_token)
        return Party(account["id"], name, account["api_key"])

    async def add_credit(self, buyer: Party, micros: int) -> None:
        """Credit a buyer, as the operator does."""
        credit = {"amount_usdc": str(micros), "reference": f"demo credit for {buyer.id}"}
        await self.post(f"/admin/v1/accounts/{buyer.id}/credits", credit, key=self._admin_token)

    async def get(self, path: str, *, key: str) -> dict[str, Any]:
        """Read something."""
        return await self._call("GET", path, None, key)

    async def post(self, path: str, body: dict[str, Any], *, key: str) -> dict[str, Any]:
        """Ask for something."""
        return await self._call("POST", path, body, key)

    async def delete(self, path: str, *, key: str) -> None:
        """Take something back."""
        await self._call("DELETE", path, None, key)

    async def follow(self, job_id: str, *, key: str) -> AsyncIterator[dict[str, Any]]:
        """Every state of a job as its event stream tells it, until it has ended."""
        path = f"/v1/music/generations/{job_id}/events"
        async with self._session.get(self._url + path, headers=_as(key)) as stream:
            if stream.status != HTTPStatus.OK:
                raise Refused(f"GET {path} answered {stream.status}")
            async for line in stream.content:
                if line.startswith(b"data:"):
                    yield json.loads(line.removeprefix(b"data:"))

    async def download(self, url: str, *, key: str) -> bytes:
        """The audio itself."""
        async with self._session.get(url, headers=_as(key)) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def _call(self, method: str, path: str, body: dict[str, Any] | None, key: str) -> dict[str, Any]:
        async with self._session.request(method, self._url + path, json=body, headers=_as(key)) as answer:
            text = await answer.text()
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise Refused(f"{method} {path} answered {answer.status}: {text[:300]}")
            found: dict[str, Any] = json.loads(text) if text else {}
            return found


def _as(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
