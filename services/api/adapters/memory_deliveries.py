"""What the webhooks service keeps and api reads, in memory, to be filled by hand."""

from __future__ import annotations

from datetime import datetime

from shared.contracts.records.delivery import DeliveryRecord


class MemoryDeliveries:
    """See :class:`services.api.ports.Deliveries`."""

    def __init__(self) -> None:
        self._deliveries: dict[str, DeliveryRecord] = {}

    def put(self, delivery: DeliveryRecord) -> None:
        """As if the webhooks service had stored it."""
        self._deliveries[delivery.id] = delivery

    async def find_of(self, buyer_id: str, delivery_id: str) -> DeliveryRecord | None:
        found = self._deliveries.get(delivery_id)
        return found if found is not None and found.buyer_id == buyer_id else None

    async def page_of(
        self, buyer_id: str, *, job_id: str | None, after: DeliveryRecord | None, limit: int
    ) -> list[DeliveryRecord]:
        mine = [
            each
            for each in self._deliveries.values()
            if each.buyer_id == buyer_id
            and (job_id is None or each.job_id == job_id)
            and (after is None or _age(each) < _age(after))
        ]
        return sorted(mine, key=_age, reverse=True)[:limit]


def _age(delivery: DeliveryRecord) -> tuple[datetime, str]:
    return delivery.created_at, delivery.id
