"""What has lately been made, read from jobs and attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.api.ports import Volume
from shared.contracts.records.attempt import AttemptRecord, read_attempt
from shared.contracts.records.job import JobRecord, SettlementStatus, read_job
from shared.kernel.money import Money
from shared.storage.mongo import DESCENDING, Collection, aggregated

_PAID = {"settlement_status": SettlementStatus.CONFIRMED.value}
_TRADED = {"$ne": ["$winner.seller_id", "$buyer_id"]}
"""What a buyer's own provider made was no trade."""


def summed(since: datetime) -> list[dict[str, Any]]:
    """Jobs and what was paid for them from that instant on, by model; the index ``sold`` holds all of it."""
    jobs, paid = ({"$sum": {"$cond": [_TRADED, value, 0]}} for value in (1, "$buyer_cost"))
    return [
        {"$match": _PAID | {"ended_at": {"$gte": since}}},
        # Told apart only here: as a condition of the match it would have every job read.
        {"$group": {"_id": "$parameters.model", "jobs": jobs, "paid": paid}},
        {"$match": {"jobs": {"$gt": 0}}},
    ]


class MongoActivity:
    """See :class:`services.api.ports.Activity`."""

    def __init__(self, jobs: Collection) -> None:
        self._jobs = jobs

    async def latest(self, limit: int) -> Sequence[JobRecord]:
        found = (
            await self._jobs.find(_PAID | {"$expr": _TRADED}).sort("ended_at", DESCENDING).limit(limit).to_list(limit)
        )
        return [read_job(document) for document in found]

    async def volumes(self, since: datetime) -> Mapping[str, Volume]:
        lines = await aggregated(self._jobs, summed(since))
        return {line["_id"]: Volume(line["jobs"], Money(line["paid"])) for line in lines}


class MongoHistories:
    """See :class:`services.api.ports.Histories`."""

    def __init__(self, attempts: Collection) -> None:
        self._attempts = attempts

    async def of_offer(self, offer_id: str, limit: int) -> Sequence[AttemptRecord]:
        cursor = self._attempts.find({"offer_id": offer_id}).sort("intended_at", DESCENDING).limit(limit)
        return [read_attempt(document) for document in await cursor.to_list(limit)]
