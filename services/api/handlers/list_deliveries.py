"""Show a buyer's webhook deliveries."""

from __future__ import annotations

from dataclasses import dataclass

from services.api.domain.refusals import InvalidRequest
from services.api.ports import Deliveries
from shared.contracts.records.delivery import DeliveryRecord


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """One page, newest first; ``has_more`` when older ones follow."""

    deliveries: tuple[DeliveryRecord, ...]
    has_more: bool


async def list_deliveries(
    buyer_id: str, *, limit: int, job_id: str | None = None, after: str | None = None, deliveries: Deliveries
) -> DeliveryList:
    """At most ``limit`` of the buyer's deliveries older than ``after``, of one job where it is named."""
    last = None
    if after is not None:
        last = await deliveries.find_of(buyer_id, after)
        if last is None:
            raise InvalidRequest("after is the last_id of the page before", param="after")
    found = await deliveries.page_of(buyer_id, job_id=job_id, after=last, limit=limit + 1)
    return DeliveryList(tuple(found[:limit]), has_more=len(found) > limit)
