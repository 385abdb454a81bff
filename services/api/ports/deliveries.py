"""What telling buyers needs to be asked and shown: the webhooks of another service."""

from __future__ import annotations

from typing import Protocol

from shared.contracts.event import Event
from shared.contracts.records.delivery import DeliveryRecord


class Deliveries(Protocol):
    """The deliveries that the webhooks service keeps, read at majority."""

    async def find_of(self, buyer_id: str, delivery_id: str) -> DeliveryRecord | None:
        """The buyer's own delivery of that id."""
        ...

    async def page_of(
        self, buyer_id: str, *, job_id: str | None, after: DeliveryRecord | None, limit: int
    ) -> list[DeliveryRecord]:
        """The buyer's own deliveries older than ``after``, newest first; of one job where it is named."""
        ...


class Announcer(Protocol):
    """Says a fact while its caller waits."""

    async def say(self, *facts: Event) -> None:
        """Return when the broker has them; raises ``Transient`` when that is not known."""
        ...
