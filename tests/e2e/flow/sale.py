"""One main job from its order to its webhook, for many tests to look at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.e2e.market import JOBS, SONG, Buyer, Market, Seller
from tests.e2e.receiver import Posted, Receiver
from tests.kit.http import Answer

METADATA = {"album": "Démo tapes", "$set": {"a.b": [1, None, {"deep": True}]}, "": "no name"}
"""Names that a database would stumble over, if it ever saw them as names."""

PRICES = (9500, 7500, 7000)
"""What the three sellers ask, in ten-thousandths of the list price of 30000."""


@dataclass(frozen=True, slots=True)
class Sale:
    """Everything that its buyer saw of one job, and who else took part."""

    buyer: Buyer
    sellers: list[Seller]
    secret: str
    answer: Answer
    before: dict[str, str]
    meanwhile: dict[str, str]
    stream: list[tuple[str, dict[str, Any]]]
    job: dict[str, Any]
    webhook: Posted

    @property
    def accepted(self) -> dict[str, Any]:
        """The 202 answer."""
        accepted: dict[str, Any] = self.answer.json
        return accepted

    @property
    def token(self) -> dict[str, str]:
        """The header of whoever knows the job's token."""
        return {"X-Job-Token": self.accepted["job_token"]}

    @property
    def result(self) -> dict[str, Any]:
        """The one artifact of the job."""
        result: dict[str, Any] = self.job["results"][0]
        return result


async def sell(market: Market, receiver: Receiver) -> Sale:
    """Three sellers, one buyer, and a minute of music at a discount of at least 20 %."""
    buyer = await market.buyer()
    sellers = [await market.seller(SONG["model"], multiplier_bps=price) for price in PRICES]
    secret = (await buyer.caller.post("/v1/webhooks/secret", {}, status=201))["secret"]
    market.secrets.add(secret)
    before = await buyer.money()
    order = SONG | {"webhook_url": receiver.url, "metadata": METADATA}
    answer = await buyer.submit(order, minimum="min20")
    assert answer.status == 202, answer.body
    job_id, token = answer.json["id"], answer.json["job_token"]
    market.secrets.add(token)
    watcher = market.caller({"X-Job-Token": token})

    async def stream() -> list[tuple[str, dict[str, Any]]]:
        return [event async for event in watcher.follow(f"{JOBS}/{job_id}/events")]

    following = asyncio.create_task(stream())
    meanwhile = await buyer.money()
    job = await buyer.ended(job_id)
    (webhook,) = await receiver.told(job_id)
    return Sale(
        buyer=buyer,
        sellers=sellers,
        secret=secret,
        answer=answer,
        before=before,
        meanwhile=meanwhile,
        stream=await asyncio.wait_for(following, 15),
        job=job,
        webhook=webhook,
    )
